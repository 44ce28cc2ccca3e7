// The parts of one message: views into buffers that belong to others. Used by the I/O thread, reused without garbage.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Header and payloads of a message. Received ones are valid until the transport is asked for the next.</summary>
    public sealed class WireParts
    {
        /// <summary>Parts that are taken at most; no message has as many.</summary>
        public const int Most = 8;

        readonly ArraySegment<byte>[] _parts = new ArraySegment<byte>[Most];

        /// <summary>Number of parts.</summary>
        public int Count { get; private set; }

        /// <summary>Part <paramref name="index"/>; 0 is the header.</summary>
        public ArraySegment<byte> this[int index]
        {
            get { return _parts[index]; }
        }

        /// <summary>Adds a part.</summary>
        public void Add(byte[] buffer, int offset, int count)
        {
            _parts[Count++] = new ArraySegment<byte>(buffer, offset, count);
        }

        /// <summary>Forgets all parts.</summary>
        public void Clear()
        {
            Count = 0;
        }
    }
}
