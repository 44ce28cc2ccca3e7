// Writes msgpack into a buffer that grows and is kept. Used by one thread.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Integers in their shortest form, floats as float64. Calls can be chained.</summary>
    public sealed partial class MsgpackWriter
    {
        /// <summary>What was written is its first <see cref="Count"/> bytes; another array after it has grown.</summary>
        public byte[] Buffer { get; private set; }

        /// <summary>Bytes written.</summary>
        public int Count { get; private set; }

        /// <summary>A writer with an empty buffer.</summary>
        public MsgpackWriter()
        {
            Buffer = new byte[1024];
        }

        /// <summary>Begins anew; the buffer is kept.</summary>
        public void Clear()
        {
            Count = 0;
        }

        /// <summary>Writes nil.</summary>
        public MsgpackWriter Nil()
        {
            return Byte(0xc0);
        }

        /// <summary>Writes a boolean.</summary>
        public MsgpackWriter Flag(bool value)
        {
            return Byte(value ? 0xc3 : 0xc2);
        }

        /// <summary>Writes an integer.</summary>
        public MsgpackWriter Integer(long value)
        {
            if (value >= 0)
            {
                return Unsigned((ulong)value);
            }
            if (value >= -32)
            {
                return Byte((int)(value & 0xff));
            }
            if (value >= sbyte.MinValue)
            {
                return Byte(0xd0).Big((ulong)value, 1);
            }
            if (value >= short.MinValue)
            {
                return Byte(0xd1).Big((ulong)value, 2);
            }
            return value >= int.MinValue ? Byte(0xd2).Big((ulong)value, 4) : Byte(0xd3).Big((ulong)value, 8);
        }

        /// <summary>Writes an integer that is not negative.</summary>
        public MsgpackWriter Unsigned(ulong value)
        {
            if (value < 128)
            {
                return Byte((int)value);
            }
            if (value <= byte.MaxValue)
            {
                return Byte(0xcc).Big(value, 1);
            }
            if (value <= ushort.MaxValue)
            {
                return Byte(0xcd).Big(value, 2);
            }
            return value <= uint.MaxValue ? Byte(0xce).Big(value, 4) : Byte(0xcf).Big(value, 8);
        }

        /// <summary>Writes a float64.</summary>
        public MsgpackWriter Float(double value)
        {
            return Byte(0xcb).Big((ulong)BitConverter.DoubleToInt64Bits(value), 8);
        }

        /// <summary>Writes a float64, or nil for null.</summary>
        public MsgpackWriter FloatOrNil(double? value)
        {
            return value.HasValue ? Float(value.Value) : Nil();
        }

        /// <summary>Writes an array of float64, or nil for null.</summary>
        public MsgpackWriter FloatsOrNil(double[] values)
        {
            if (values == null)
            {
                return Nil();
            }
            Array(values.Length);
            foreach (double value in values)
            {
                Float(value);
            }
            return this;
        }

        /// <summary>Writes binary data.</summary>
        public MsgpackWriter Binary(byte[] data, int offset, int count)
        {
            Header(count, 0xc4);
            return Raw(data, offset, count);
        }

        /// <summary>Writes an extension of a type, 0 to 127, or -1 for a time.</summary>
        public MsgpackWriter Extension(int type, byte[] data, int offset, int count)
        {
            int fixedCode = System.Array.IndexOf(FixedExtensions, count);
            if (fixedCode >= 0)
            {
                Byte(0xd4 + fixedCode);
            }
            else
            {
                Header(count, 0xc7);
            }
            return Byte(type & 0xff).Raw(data, offset, count);
        }

        static readonly int[] FixedExtensions = { 1, 2, 4, 8, 16 };

        /// <summary>Begins an array; its values follow.</summary>
        public MsgpackWriter Array(int count)
        {
            return Container(count, 0x90, 0xdc);
        }

        /// <summary>Begins a map; its keys and values follow in turn.</summary>
        public MsgpackWriter Map(int count)
        {
            return Container(count, 0x80, 0xde);
        }

        MsgpackWriter Container(int count, int shortCode, int longCode)
        {
            if (count < 16)
            {
                return Byte(shortCode | count);
            }
            return count <= ushort.MaxValue ? Byte(longCode).Big((ulong)count, 2) : Byte(longCode + 1).Big((ulong)count, 4);
        }

        void Header(int count, int code)
        {
            if (count <= byte.MaxValue)
            {
                Byte(code).Big((ulong)count, 1);
            }
            else if (count <= ushort.MaxValue)
            {
                Byte(code + 1).Big((ulong)count, 2);
            }
            else
            {
                Byte(code + 2).Big((ulong)count, 4);
            }
        }

        MsgpackWriter Byte(int value)
        {
            Reserve(1);
            Buffer[Count++] = (byte)value;
            return this;
        }

        MsgpackWriter Big(ulong value, int bytes)
        {
            Reserve(bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            {
                Buffer[Count++] = (byte)(value >> shift);
            }
            return this;
        }

        MsgpackWriter Raw(byte[] data, int offset, int count)
        {
            Reserve(count);
            System.Buffer.BlockCopy(data, offset, Buffer, Count, count);
            Count += count;
            return this;
        }

        void Reserve(int bytes)
        {
            if (Buffer.Length - Count >= bytes)
            {
                return;
            }
            var larger = new byte[Math.Max(2 * Buffer.Length, Count + bytes)];
            System.Buffer.BlockCopy(Buffer, 0, larger, 0, Count);
            Buffer = larger;
        }
    }
}
