// Time that never jumps. Any thread may read it.
using System.Diagnostics;

namespace StereoSync.Bridge
{
    /// <summary>A clock that is passed in, so that tests turn it by hand.</summary>
    public interface IClock
    {
        /// <summary>Seconds since some moment.</summary>
        double NowS { get; }
    }

    /// <summary>Seconds since it was made.</summary>
    public sealed class MonotonicClock : IClock
    {
        readonly Stopwatch _watch = Stopwatch.StartNew();

        /// <summary>Seconds since this clock was made.</summary>
        public double NowS
        {
            get { return _watch.ElapsedTicks / (double)Stopwatch.Frequency; }
        }
    }
}
