// The half of MsgpackWriter that writes text.
using System;
using System.Text;

namespace StereoSync.Bridge
{
    public sealed partial class MsgpackWriter
    {
        /// <summary>Characters of a word at most.</summary>
        public const int MaxWordChars = 64;

        static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true), Lenient = new UTF8Encoding(false, false);

        /// <summary>Writes text as UTF-8.</summary>
        /// <exception cref="WireException">The text holds half of a surrogate pair.</exception>
        public MsgpackWriter Text(string value)
        {
            int bytes = Utf8Length(value);
            TextHeader(bytes);
            Reserve(bytes);
            Utf8.GetBytes(value, 0, value.Length, Buffer, Count);
            Count += bytes;
            return this;
        }

        static int Utf8Length(string value)
        {
            try
            {
                return Utf8.GetByteCount(value);
            }
            catch (ArgumentException)
            {
                throw new WireException(ErrorCodes.BadValue, "text", "must be valid Unicode");
            }
        }

        /// <summary>Writes a word of a game as UTF-8: its first 64 characters (of Unicode), half of a surrogate pair as U+FFFD.</summary>
        public MsgpackWriter Word(string value)
        {
            int bytes, length = WordLength(value, out bytes);
            TextHeader(bytes);
            Reserve(bytes);
            Lenient.GetBytes(value, 0, length, Buffer, Count);
            Count += bytes;
            return this;
        }

        // Its length in UTF-16, and in UTF-8.
        static int WordLength(string value, out int bytes)
        {
            int at = 0;
            bytes = 0;
            for (int count = 0; at < value.Length && count < MaxWordChars; count++)
            {
                bool pair = char.IsSurrogatePair(value, at);
                bytes += pair ? 4 : value[at] < 0x80 ? 1 : value[at] < 0x800 ? 2 : 3;
                at += pair ? 2 : 1;
            }
            return at;
        }

        /// <summary>Writes text that is UTF-8 already.</summary>
        public MsgpackWriter Text(byte[] utf8, int offset, int count)
        {
            TextHeader(count);
            return Raw(utf8, offset, count);
        }

        void TextHeader(int bytes)
        {
            if (bytes < 32)
            {
                Byte(0xa0 | bytes);
            }
            else
            {
                Header(bytes, 0xd9);
            }
        }
    }
}
