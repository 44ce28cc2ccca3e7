// Reads msgpack from bytes that nobody vouches for: every length is compared with the bytes that are really there.
// Used by one thread; nothing is allocated.
using System;
using System.Text;

namespace StereoSync.Bridge
{
    /// <summary>Reads value by value. Throws <see cref="WireException"/> (bad_header) and nothing else.</summary>
    public sealed class MsgpackReader
    {
        /// <summary>Arrays and maps within each other, at most.</summary>
        public const int MaxDepth = 1024;

        const int TimestampType = -1;
        static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true);

        byte[] _data = new byte[0];
        int _end;

        /// <summary>Where the next value begins.</summary>
        public int Position { get; set; }

        /// <summary>The bytes that are read.</summary>
        public byte[] Data
        {
            get { return _data; }
        }

        /// <summary>Whether all bytes were read.</summary>
        public bool AtEnd
        {
            get { return Position >= _end; }
        }

        /// <summary>Begins to read <paramref name="count"/> bytes.</summary>
        public void Load(byte[] data, int offset, int count)
        {
            _data = data;
            Position = offset;
            _end = offset + count;
        }

        /// <summary>Reads one value; of an array or map its beginning.</summary>
        public MsgpackToken Next()
        {
            int code = Byte();
            if (code < 0x80 || code >= 0xe0)
            {
                return Integer((sbyte)code);
            }
            if (code < 0x90)
            {
                return Container(MsgpackKind.Map, code & 15);
            }
            if (code < 0xa0)
            {
                return Container(MsgpackKind.Array, code & 15);
            }
            return code < 0xc0 ? Bytes(MsgpackKind.Text, code & 31) : NextLong(code);
        }

        MsgpackToken NextLong(int code)
        {
            switch (code)
            {
                case 0xc0: return new MsgpackToken { Kind = MsgpackKind.Nil };
                case 0xc2: case 0xc3: return new MsgpackToken { Kind = MsgpackKind.Flag, Integer = code & 1 };
                case 0xc4: case 0xc5: case 0xc6: return Bytes(MsgpackKind.Binary, Length(1 << (code - 0xc4)));
                case 0xc7: case 0xc8: case 0xc9: return Extension(Length(1 << (code - 0xc7)));
                case 0xca: return Float(new FloatBits { Bits = (uint)Big(4) }.Value);
                case 0xcb: return Float(BitConverter.Int64BitsToDouble((long)Big(8)));
                case 0xcc: case 0xcd: case 0xce: case 0xcf: return Unsigned(Big(1 << (code - 0xcc)));
                case 0xd0: return Integer((sbyte)Big(1));
                case 0xd1: return Integer((short)Big(2));
                case 0xd2: return Integer((int)Big(4));
                case 0xd3: return Integer((long)Big(8));
                case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return Extension(1 << (code - 0xd4));
                case 0xd9: case 0xda: case 0xdb: return Bytes(MsgpackKind.Text, Length(1 << (code - 0xd9)));
                case 0xdc: case 0xdd: return Container(MsgpackKind.Array, Length(2 << (code - 0xdc)));
                case 0xde: case 0xdf: return Container(MsgpackKind.Map, Length(2 << (code - 0xde)));
                default: throw Bad("holds a byte that begins no value");
            }
        }

        static MsgpackToken Integer(long value)
        {
            return new MsgpackToken { Kind = MsgpackKind.Integer, Integer = value };
        }

        static MsgpackToken Unsigned(ulong value)
        {
            MsgpackKind kind = value > long.MaxValue ? MsgpackKind.HugeInteger : MsgpackKind.Integer;
            return new MsgpackToken { Kind = kind, Integer = unchecked((long)value) };
        }

        static MsgpackToken Float(double value)
        {
            return new MsgpackToken { Kind = MsgpackKind.Float, Float = value };
        }

        MsgpackToken Container(MsgpackKind kind, int count)
        {
            long bytes = kind == MsgpackKind.Map ? 2L * count : count;
            if (bytes > _end - Position)
            {
                throw Truncated();
            }
            return new MsgpackToken { Kind = kind, Count = count };
        }

        MsgpackToken Bytes(MsgpackKind kind, int count)
        {
            int start = Take(count);
            if (kind == MsgpackKind.Text)
            {
                CheckUtf8(start, count);
            }
            return new MsgpackToken { Kind = kind, Start = start, Count = count };
        }

        MsgpackToken Extension(int count)
        {
            int type = (sbyte)Byte();
            bool isTime = type == TimestampType && (count == 4 || count == 8 || count == 12);
            if (type < 0 && !isTime)
            {
                throw Bad("holds an extension of the reserved type " + type);
            }
            return new MsgpackToken { Kind = MsgpackKind.Extension, Integer = type, Start = Take(count), Count = count };
        }

        void CheckUtf8(int start, int count)
        {
            try
            {
                Utf8.GetCharCount(_data, start, count);
            }
            catch (ArgumentException)
            {
                throw Bad("holds text that is not UTF-8");
            }
        }

        /// <summary>The text of a token.</summary>
        public string Text(MsgpackToken token)
        {
            return Utf8.GetString(_data, token.Start, token.Count);
        }

        /// <summary>Reads a whole value and forgets it; keys of maps must be text or bytes.</summary>
        public void Skip()
        {
            Skip(0);
        }

        void Skip(int depth)
        {
            MsgpackToken token = Next();
            if (token.Kind == MsgpackKind.Array || token.Kind == MsgpackKind.Map)
            {
                SkipInside(token, depth + 1);
            }
        }

        void SkipInside(MsgpackToken container, int depth)
        {
            if (depth > MaxDepth)
            {
                throw Bad("is nested too deeply");
            }
            for (int i = 0; i < container.Count; i++)
            {
                if (container.Kind == MsgpackKind.Map)
                {
                    NextKey();
                }
                Skip(depth);
            }
        }

        /// <summary>Reads a key of a map.</summary>
        public MsgpackToken NextKey()
        {
            MsgpackToken key = Next();
            if (key.Kind != MsgpackKind.Text && key.Kind != MsgpackKind.Binary)
            {
                throw Bad("holds a key that is not text");
            }
            return key;
        }

        int Byte()
        {
            return _data[Take(1)];
        }

        ulong Big(int bytes)
        {
            ulong value = 0;
            for (int at = Take(bytes), end = at + bytes; at < end; at++)
            {
                value = value << 8 | _data[at];
            }
            return value;
        }

        int Length(int bytes)
        {
            ulong length = Big(bytes);
            if (length > (ulong)(_end - Position))
            {
                throw Truncated();
            }
            return (int)length;
        }

        int Take(int bytes)
        {
            if (bytes > _end - Position)
            {
                throw Truncated();
            }
            int start = Position;
            Position += bytes;
            return start;
        }

        static WireException Truncated()
        {
            return Bad("is not msgpack: it ends too early");
        }

        static WireException Bad(string rule)
        {
            return new WireException(ErrorCodes.BadHeader, "header", rule);
        }
    }
}
