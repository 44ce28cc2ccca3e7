// Notices that wait for the game. Any thread may call; the oldest are dropped when nobody takes them.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    sealed class NoticeQueue
    {
        const int Most = 64;

        readonly Queue<Notice> _notices = new Queue<Notice>();
        readonly IClock _clock;

        public NoticeQueue(IClock clock)
        {
            _clock = clock;
        }

        public void Add(NoticeKind kind, string code, string text)
        {
            var notice = new Notice(kind, code, text, _clock.NowS);
            lock (_notices)
            {
                if (_notices.Count == Most)
                {
                    _notices.Dequeue();
                }
                _notices.Enqueue(notice);
            }
        }

        public bool TryTake(out Notice notice)
        {
            lock (_notices)
            {
                notice = _notices.Count > 0 ? _notices.Dequeue() : null;
                return notice != null;
            }
        }
    }
}
