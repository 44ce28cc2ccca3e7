// Messages that wait for the network. Used by the I/O thread; the buffer is reused for every message.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>At most so many whole messages wait; heartbeats are not counted.</summary>
    sealed class ZmtpOutbox
    {
        readonly int _most;
        readonly Queue<long> _ends = new Queue<long>(); // of the messages, in bytes since the beginning
        long _added, _sent;

        public readonly ByteQueue Bytes = new ByteQueue();

        public ZmtpOutbox(int mostMessages)
        {
            _most = mostMessages;
        }

        public void Clear()
        {
            Bytes.Clear();
            _ends.Clear();
            _added = _sent = 0;
        }

        public bool TryAdd(WireParts parts)
        {
            if (_ends.Count >= _most)
            {
                return false;
            }
            int before = Bytes.Count;
            for (int i = 0; i < parts.Count; i++)
            {
                ZmtpText.AddFrameHeader(Bytes, i < parts.Count - 1 ? ZmtpText.More : 0, parts[i].Count);
                Bytes.Add(parts[i].Array, parts[i].Offset, parts[i].Count);
            }
            _added += Bytes.Count - before;
            _ends.Enqueue(_added);
            return true;
        }

        public void AddCommand(byte[] bytes, int offset, int count)
        {
            Bytes.Add(bytes, offset, count);
            _added += count;
        }

        public void Sent(int bytes)
        {
            Bytes.Take(bytes);
            _sent += bytes;
            while (_ends.Count > 0 && _ends.Peek() <= _sent)
            {
                _ends.Dequeue();
            }
        }
    }
}
