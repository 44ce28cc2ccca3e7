// One slot in which the newest frame wins, so that a client that falls behind drops old frames, not new ones.
// Any thread may call; a lock is held for a few instructions.
namespace StereoSync.Bridge
{
    /// <summary>Holds at most one frame.</summary>
    public sealed class FrameSlot
    {
        readonly object _lock = new object();
        FrameMessage _frame;
        long _offered;
        long _replaced;

        /// <summary>Frames put in by the game.</summary>
        public long Offered
        {
            get { lock (_lock) { return _offered; } }
        }

        /// <summary>Frames that were overwritten unread.</summary>
        public long Replaced
        {
            get { lock (_lock) { return _replaced; } }
        }

        /// <summary>Puts a frame in; one that still waits there is released.</summary>
        public void Put(FrameMessage frame)
        {
            FrameMessage old;
            lock (_lock)
            {
                _offered++;
                old = _frame;
                _replaced += old == null ? 0 : 1;
                _frame = frame;
            }
            if (old != null)
            {
                old.Release();
            }
        }

        /// <summary>Takes the frame out; null if there is none.</summary>
        public FrameMessage Take()
        {
            lock (_lock)
            {
                FrameMessage frame = _frame;
                _frame = null;
                return frame;
            }
        }

        /// <summary>Puts back a frame that could not be sent, unless a newer one has come meanwhile.</summary>
        public void PutBack(FrameMessage frame)
        {
            lock (_lock)
            {
                if (_frame == null)
                {
                    _frame = frame;
                    return;
                }
                _replaced++;
            }
            frame.Release();
        }
    }
}
