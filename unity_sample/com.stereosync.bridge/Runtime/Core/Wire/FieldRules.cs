// Rules of header fields, for what is received and for what is sent. Pure; nothing is allocated unless a rule is broken.
using System.Globalization;

namespace StereoSync.Bridge
{
    /// <summary>Each method throws a <see cref="WireException"/> that names the field when its rule is broken.</summary>
    static class FieldRules
    {
        public const long MaxInteger = 1L << 53;
        public const int MaxSidePx = 2048;
        public const int MaxPayloadBytes = MaxSidePx * MaxSidePx * 4;
        public static readonly string[] Origins = { "top", "bottom" };
        const double FarTimeS = 1e12;

        public static void Number(double value, double low, double high, string field)
        {
            CheckFinite(value, field);
            if (value < low || value > high)
            {
                throw Bad(field, "must be at least " + Show(low) + " and at most " + Show(high) + ", got " + Show(value));
            }
        }

        public static void NumberBetween(double value, double above, double below, string field)
        {
            CheckFinite(value, field);
            if (value <= above || value >= below)
            {
                throw Bad(field, "must be above " + Show(above) + " and below " + Show(below) + ", got " + Show(value));
            }
        }

        public static void NumberAboveZero(double value, double high, string field)
        {
            CheckFinite(value, field);
            if (value <= 0 || value > high)
            {
                throw Bad(field, "must be above 0 and at most " + Show(high) + ", got " + Show(value));
            }
        }

        public static void Time(double value, string field)
        {
            Number(value, -FarTimeS, FarTimeS, field);
        }

        static void CheckFinite(double value, string field)
        {
            if (double.IsNaN(value) || double.IsInfinity(value))
            {
                throw Bad(field, "must be finite, got " + Show(value));
            }
        }

        public static void Numbers(double[] values, int count, double high, string field)
        {
            if (values.Length != count)
            {
                throw Bad(field, "must hold " + count + " values, got " + values.Length);
            }
            for (int i = 0; i < count; i++)
            {
                Number(values[i], -high, high, field + "[" + i + "]");
            }
        }

        public static void Integer(long value, long low, long high, string field)
        {
            if (value < low || value > high)
            {
                throw Bad(field, "must be " + low + " to " + high + ", got " + value);
            }
        }

        public static void Side(int px, string field)
        {
            Integer(px, 1, MaxSidePx, field);
        }

        public static void Bytes(long declared, long expected, string format, string what)
        {
            if (declared != expected)
            {
                string rule = "a " + format + " " + what + " of this size takes " + expected + " bytes, declared " + declared;
                throw new WireException(ErrorCodes.BadLength, "n_bytes", rule);
            }
        }

        public static void Text(string value, int maxChars, string field)
        {
            if (value == null)
            {
                throw new WireException(ErrorCodes.BadType, field, "must be text, got nil");
            }
            if (!IsPrintable(value, maxChars))
            {
                throw Bad(field, "must be printable text of at most " + maxChars + " characters");
            }
        }

        public static void Most(int count, int most, string field)
        {
            if (count > most)
            {
                throw Bad(field, "must hold at most " + most + " values, got " + count);
            }
        }

        // The words are an array of the caller's, for one made here would be garbage with every frame.
        public static void Choice(string value, string field, string[] words)
        {
            if (System.Array.IndexOf(words, value) < 0)
            {
                throw Bad(field, "must be one of " + string.Join(", ", words));
            }
        }

        static bool IsPrintable(string text, int maxChars)
        {
            int chars = 0;
            for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            {
                chars++;
                if (text[i] != ' ' && !IsPrintable(CharUnicodeInfo.GetUnicodeCategory(text, i)))
                {
                    return false;
                }
            }
            return chars <= maxChars;
        }

        // What this runtime's tables do not know counts as printable: the other side's may be newer.
        static bool IsPrintable(UnicodeCategory category)
        {
            switch (category)
            {
                case UnicodeCategory.Control:
                case UnicodeCategory.Format:
                case UnicodeCategory.Surrogate:
                case UnicodeCategory.PrivateUse:
                case UnicodeCategory.SpaceSeparator:
                case UnicodeCategory.LineSeparator:
                case UnicodeCategory.ParagraphSeparator:
                    return false;
                default:
                    return true;
            }
        }

        static WireException Bad(string field, string rule)
        {
            return new WireException(ErrorCodes.BadValue, field, rule);
        }

        static string Show(double value)
        {
            return value.ToString("G6", CultureInfo.InvariantCulture);
        }
    }
}
