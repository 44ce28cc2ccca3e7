// Text and hexadecimal in and out, without the byte order marks and line ends that the console would add.
using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace StereoSync.Bridge.Conformance
{
    static class Lines
    {
        const string Digits = "0123456789abcdef";

        public static TextReader In
        {
            get { return new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false), false, 1 << 16); }
        }

        public static TextWriter Out
        {
            get { return new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { NewLine = "\n" }; }
        }

        public static double Number(string text)
        {
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        public static string Show(double value)
        {
            return value.ToString("R", CultureInfo.InvariantCulture);
        }

        public static string Show(float value)
        {
            return value.ToString("G9", CultureInfo.InvariantCulture);
        }

        public static byte[] FromHex(string text)
        {
            var bytes = new byte[text.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(Digits.IndexOf(text[2 * i]) << 4 | Digits.IndexOf(text[2 * i + 1]));
            }
            return bytes;
        }

        public static string ToHex(byte[] bytes, int start, int count)
        {
            var text = new char[2 * count];
            for (int i = 0; i < count; i++)
            {
                text[2 * i] = Digits[bytes[start + i] >> 4];
                text[2 * i + 1] = Digits[bytes[start + i] & 15];
            }
            return new string(text);
        }
    }
}
