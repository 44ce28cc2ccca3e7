// Bytes that came on a connection to whole messages. Used by the I/O thread; the buffer is reused for every message.
namespace StereoSync.Bridge
{
    /// <summary>What <see cref="ZmtpInbox.Next"/> found.</summary>
    enum ZmtpItem
    {
        /// <summary>Nothing whole yet.</summary>
        Nothing,

        /// <summary>A message; its parts were given.</summary>
        Message,

        /// <summary>A command; its place is told.</summary>
        Command,

        /// <summary>The peer breaks ZMTP or a limit.</summary>
        Broken,
    }

    /// <summary>Splits a stream of frames. A declared length costs nothing before its bytes have come.</summary>
    sealed class ZmtpInbox
    {
        const int MaxPartBytes = 16777216;
        const int MaxMessageBytes = 4 * MaxPartBytes;

        readonly ByteQueue _bytes = new ByteQueue();
        readonly int[] _starts = new int[WireParts.Most];
        readonly int[] _lengths = new int[WireParts.Most];
        int _count; // parts of the message that is not whole yet
        int _parsed; // bytes from the queue's start that were looked at
        int _given; // bytes at the queue's start that the caller may still look at

        /// <summary>The buffer in which commands are told.</summary>
        public byte[] Data
        {
            get { return _bytes.Data; }
        }

        /// <summary>Where a command's body begins, and its length.</summary>
        public int CommandStart { get; private set; }

        public int CommandCount { get; private set; }

        /// <summary>Why the peer is <see cref="ZmtpItem.Broken"/>.</summary>
        public string Trouble { get; private set; }

        public void Clear()
        {
            _bytes.Clear();
            _count = _parsed = _given = 0;
            Trouble = null;
        }

        /// <summary>The queue to which bytes that come are added; what was given before is void.</summary>
        public ByteQueue Receiving()
        {
            Forget();
            return _bytes;
        }

        void Forget()
        {
            _bytes.Take(_given);
            _parsed -= _given;
            _given = 0;
        }

        /// <summary>Forgets bytes of the greeting.</summary>
        public void TakeRaw(int bytes)
        {
            _bytes.Take(bytes);
        }

        /// <summary>The next whole message or command.</summary>
        public ZmtpItem Next(WireParts parts)
        {
            Forget();
            int flags, start, count;
            while (TryFrame(out flags, out start, out count))
            {
                _parsed = start + count;
                if ((flags & ZmtpText.Command) != 0)
                {
                    return TakeCommand(start, count);
                }
                if (!AddPart(start, count))
                {
                    return ZmtpItem.Broken;
                }
                if ((flags & ZmtpText.More) == 0)
                {
                    return Give(parts);
                }
            }
            return Trouble != null ? ZmtpItem.Broken : ZmtpItem.Nothing;
        }

        // A command amid the parts of a message leaves the message where it is.
        ZmtpItem TakeCommand(int start, int count)
        {
            CommandStart = _bytes.Start + start;
            CommandCount = count;
            _given = _count == 0 ? _parsed : 0;
            return ZmtpItem.Command;
        }

        bool TryFrame(out int flags, out int start, out int count)
        {
            flags = start = count = 0;
            int there = _bytes.Count - _parsed, at = _bytes.Start + _parsed;
            if (there < 2)
            {
                return false;
            }
            flags = Data[at];
            int header = (flags & ZmtpText.Long) != 0 ? 9 : 2;
            if (flags > 7 || there < header)
            {
                Trouble = flags > 7 ? "the server sends what is not ZMTP" : Trouble;
                return false;
            }
            long length = Length(at + 1, header - 1);
            if (length < 0 || length > MaxPartBytes)
            {
                Trouble = "the server sends a part of more than 16777216 bytes";
                return false;
            }
            start = _parsed + header;
            count = (int)length;
            return there - header >= length;
        }

        long Length(int at, int bytes)
        {
            long length = 0;
            for (int i = 0; i < bytes; i++)
            {
                length = length << 8 | Data[at + i];
            }
            return length;
        }

        bool AddPart(int start, int count)
        {
            if (_count == WireParts.Most || start + count > MaxMessageBytes)
            {
                Trouble = "the server sends a message that is too large";
                return false;
            }
            _starts[_count] = start;
            _lengths[_count++] = count;
            return true;
        }

        ZmtpItem Give(WireParts parts)
        {
            parts.Clear();
            for (int i = 0; i < _count; i++)
            {
                parts.Add(Data, _bytes.Start + _starts[i], _lengths[i]);
            }
            _given = _parsed;
            _count = 0;
            return ZmtpItem.Message;
        }
    }
}
