// A message's header as fields that are asked for by name. Used by one thread; numbers are read without garbage.
using System;
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>
    /// Load checks the whole header once; each field is then read in the order of PROTOCOL.md, so that the first broken rule is the
    /// one that is told. Unknown keys are ignored; of equal keys the last counts.
    /// </summary>
    sealed class HeaderReader
    {
        const int MaxHeaderBytes = 131072;
        const int MaxKeyChars = 64;

        readonly MsgpackReader _reader = new MsgpackReader();
        Field[] _fields = new Field[32];
        int _count;

        struct Field
        {
            public MsgpackToken Key;
            public int Value;
        }

        public void Load(WireParts parts)
        {
            _count = 0;
            if (parts.Count == 0 || parts[0].Count > MaxHeaderBytes)
            {
                throw Bad("must be there and at most " + MaxHeaderBytes + " bytes long");
            }
            ArraySegment<byte> header = parts[0];
            _reader.Load(header.Array, header.Offset, header.Count);
            MsgpackToken map = Checked();
            if (map.Kind != MsgpackKind.Map)
            {
                throw Bad("must be a msgpack map");
            }
            for (int i = 0; i < map.Count; i++)
            {
                AddField();
            }
        }

        MsgpackToken Checked()
        {
            int start = _reader.Position;
            _reader.Skip();
            if (!_reader.AtEnd)
            {
                throw Bad("is not msgpack: bytes follow its end");
            }
            _reader.Position = start;
            return _reader.Next();
        }

        void AddField()
        {
            if (_count == _fields.Length)
            {
                Array.Resize(ref _fields, 2 * _count);
            }
            _fields[_count].Key = _reader.NextKey();
            _fields[_count++].Value = _reader.Position;
            _reader.Skip();
        }

        static WireException Bad(string rule)
        {
            return new WireException(ErrorCodes.BadHeader, "header", rule);
        }

        /// <summary>Whether the field is there; the reader then stands behind the token.</summary>
        bool Find(string name, out MsgpackToken value)
        {
            for (int i = _count - 1; i >= 0; i--)
            {
                if (Equal(_fields[i].Key, name))
                {
                    _reader.Position = _fields[i].Value;
                    value = _reader.Next();
                    return true;
                }
            }
            value = new MsgpackToken();
            return false;
        }

        MsgpackToken Find(string name)
        {
            MsgpackToken value;
            if (!Find(name, out value))
            {
                throw new WireException(ErrorCodes.MissingField, name, "is required");
            }
            return value;
        }

        bool Equal(MsgpackToken text, string ascii)
        {
            if (text.Kind != MsgpackKind.Text || text.Count != ascii.Length)
            {
                return false;
            }
            for (int i = 0; i < ascii.Length; i++)
            {
                if (_reader.Data[text.Start + i] != ascii[i])
                {
                    return false;
                }
            }
            return true;
        }

        /// <summary>Whether the field is this word.</summary>
        public bool Is(string name, string word)
        {
            MsgpackToken value;
            return Find(name, out value) && Equal(value, word);
        }

        /// <summary>The field if it is text, else null.</summary>
        public string TextOrNull(string name)
        {
            MsgpackToken value;
            return Find(name, out value) && value.Kind == MsgpackKind.Text ? _reader.Text(value) : null;
        }

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
            if (value.Kind != MsgpackKind.Integer && value.Kind != MsgpackKind.HugeInteger)
            {
                throw WrongType(name, "an integer", value);
            }
            FieldRules.Integer(value.Kind == MsgpackKind.HugeInteger ? long.MaxValue : value.Integer, low, high, name);
            return value.Integer;
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

        public Dictionary<string, bool> Flags(string name, int most)
        {
            var flags = new Dictionary<string, bool>();
            foreach (KeyValuePair<string, MsgpackToken> entry in Table(name, most))
            {
                flags[entry.Key] = Flag(entry.Value, name + "." + entry.Key);
            }
            return flags;
        }

        public Dictionary<string, double> Numbers(string name, int most)
        {
            var numbers = new Dictionary<string, double>();
            foreach (KeyValuePair<string, MsgpackToken> entry in Table(name, most))
            {
                numbers[entry.Key] = Number(entry.Value, name + "." + entry.Key, double.MinValue, double.MaxValue);
            }
            return numbers;
        }

        Dictionary<string, MsgpackToken> Table(string name, int most)
        {
            MsgpackToken map = Find(name);
            if (map.Kind != MsgpackKind.Map)
            {
                throw WrongType(name, "a map", map);
            }
            if (map.Count > most)
            {
                throw new WireException(ErrorCodes.BadValue, name, "must hold at most " + most + " entries, got " + map.Count);
            }
            var table = new Dictionary<string, MsgpackToken>();
            for (int i = 0; i < map.Count; i++)
            {
                string key = Text(_reader.NextKey(), name + " key", MaxKeyChars);
                int value = _reader.Position;
                table[key] = _reader.Next();
                _reader.Position = value;
                _reader.Skip();
            }
            return table;
        }

        static WireException WrongType(string name, string wanted, MsgpackToken got)
        {
            return new WireException(ErrorCodes.BadType, name, "must be " + wanted + ", got " + got.Kind.ToString().ToLowerInvariant());
        }
    }
}
