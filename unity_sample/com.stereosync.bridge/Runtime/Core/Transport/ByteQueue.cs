// Bytes that wait: appended at the end, taken at the front. Used by one thread; the buffer grows and is kept.
using System;

namespace StereoSync.Bridge
{
    /// <summary>The bytes are <see cref="Data"/> from <see cref="Start"/> on, <see cref="Count"/> of them.</summary>
    sealed class ByteQueue
    {
        public byte[] Data { get; private set; }

        public int Start { get; private set; }

        public int Count { get; private set; }

        public ByteQueue()
        {
            Data = new byte[8192];
        }

        /// <summary>Where the next byte goes.</summary>
        public int End
        {
            get { return Start + Count; }
        }

        /// <summary>Room behind the end.</summary>
        public int Free
        {
            get { return Data.Length - End; }
        }

        public void Clear()
        {
            Start = Count = 0;
        }

        /// <summary>Makes room for more bytes; moves the bytes, so that earlier places in <see cref="Data"/> are void.</summary>
        public void Reserve(int bytes)
        {
            if (Free >= bytes)
            {
                return;
            }
            byte[] target = Data.Length - Count >= bytes ? Data : new byte[Math.Max(2 * Data.Length, Count + bytes)];
            Buffer.BlockCopy(Data, Start, target, 0, Count);
            Data = target;
            Start = 0;
        }

        /// <summary>Counts bytes that were put behind the end.</summary>
        public void Added(int bytes)
        {
            Count += bytes;
        }

        public void Add(byte value)
        {
            Reserve(1);
            Data[End] = value;
            Count++;
        }

        public void Add(byte[] bytes, int offset, int count)
        {
            Reserve(count);
            Buffer.BlockCopy(bytes, offset, Data, End, count);
            Count += count;
        }

        /// <summary>Forgets bytes at the front.</summary>
        public void Take(int bytes)
        {
            Start += bytes;
            Count -= bytes;
            if (Count == 0)
            {
                Start = 0;
            }
        }
    }
}
