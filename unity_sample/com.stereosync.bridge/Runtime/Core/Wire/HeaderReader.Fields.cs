// The half of HeaderReader that reads single fields. Each method throws a WireException that names the field.
namespace StereoSync.Bridge
{
    sealed partial class HeaderReader
    {
        public long Integer(string name, long low, long high)
        {
            return Integer(Find(name), name, low, high);
        }

        public long Integer(string name, long low, long high, long missing)
        {
            MsgpackToken value;
            return Find(name, out value) ? Integer(value, name, low, high) : missing;
        }

        public long Count(string name)
        {
            return Integer(name, 0, FieldRules.MaxInteger);
        }

        static long Integer(MsgpackToken value, string name, long low, long high)
        {
            long number;
            if (!value.TryWhole(out number))
            {
                throw WrongType(name, "an integer", value);
            }
            FieldRules.Integer(number, low, high, name);
            return number;
        }

        public double Number(string name, double low, double high)
        {
            return Number(Find(name), name, low, high);
        }

        public double Number(string name, double low, double high, double missing)
        {
            MsgpackToken value;
            return Find(name, out value) ? Number(value, name, low, high) : missing;
        }

        public double Time(string name)
        {
            return Number(name, -1e12, 1e12);
        }

        public double? TimeOrNil(string name)
        {
            MsgpackToken value;
            return Find(name, out value) && value.Kind != MsgpackKind.Nil ? Number(value, name, -1e12, 1e12) : (double?)null;
        }

        static double Number(MsgpackToken value, string name, double low, double high)
        {
            if (!value.IsNumber)
            {
                throw WrongType(name, "a number", value);
            }
            FieldRules.Number(value.Number, low, high, name);
            return value.Number;
        }

        public bool Flag(string name)
        {
            return Flag(Find(name), name);
        }

        static bool Flag(MsgpackToken value, string name)
        {
            if (value.Kind != MsgpackKind.Flag)
            {
                throw WrongType(name, "true or false", value);
            }
            return value.Integer != 0;
        }

        public string Text(string name, int maxChars)
        {
            return Text(Find(name), name, maxChars);
        }

        public string Text(string name, int maxChars, string missing)
        {
            MsgpackToken value;
            return Find(name, out value) ? Text(value, name, maxChars) : missing;
        }

        string Text(MsgpackToken value, string name, int maxChars)
        {
            if (value.Kind != MsgpackKind.Text)
            {
                throw WrongType(name, "text", value);
            }
            string text = _reader.Text(value);
            FieldRules.Text(text, maxChars, name);
            return text;
        }

        public string Session(string name)
        {
            string session = Text(name, 32);
            foreach (char digit in session)
            {
                if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f'))
                {
                    session = "";
                }
            }
            if (session.Length != 32)
            {
                throw new WireException(ErrorCodes.BadValue, name, "must be 32 digits of 0-9a-f");
            }
            return session;
        }

        public string Version(string name, string missing)
        {
            string text = Text(name, 9, missing);
            WireVersion version;
            if (!WireVersion.TryParse(text, out version))
            {
                throw new WireException(ErrorCodes.BadValue, name, "must be major.minor, like " + WireVersion.Ours);
            }
            return text;
        }

        public string Version(string name)
        {
            Find(name);
            return Version(name, null);
        }
    }
}
