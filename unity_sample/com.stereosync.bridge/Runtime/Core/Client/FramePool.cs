// Frames that are used again with their buffers, so that 200 kB per frame do not become garbage. Any thread may call.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Lends frames. One that is never given back is only garbage, not a fault.</summary>
    public sealed class FramePool
    {
        const int Most = 8; // one is filled, one waits, one is sent, and some readbacks are under way

        readonly Stack<FrameMessage> _free = new Stack<FrameMessage>();

        /// <summary>A frame with default values and whatever buffers it had.</summary>
        public FrameMessage Rent()
        {
            lock (_free)
            {
                FrameMessage frame = _free.Count > 0 ? _free.Pop() : new FrameMessage();
                frame.Pool = this;
                return frame;
            }
        }

        internal void Return(FrameMessage frame)
        {
            lock (_free)
            {
                if (frame.Pool == null)
                {
                    return; // given back already
                }
                frame.Pool = null;
                if (_free.Count < Most)
                {
                    frame.Clear();
                    _free.Push(frame);
                }
            }
        }
    }
}
