// When the next frame is due. One thread at a time.
namespace StereoSync
{
    /// <summary>Says yes at a steady rate, however often it is asked, and does not catch up after a pause.</summary>
    internal sealed class Pacer
    {
        double _nextS;

        /// <param name="nowS">Any monotonic clock, s.</param>
        /// <param name="ratePerS">Wanted rate.</param>
        public bool IsDue(double nowS, double ratePerS)
        {
            double slackS = 0.25 / ratePerS; // a screen of nearly the same rate is followed, frame by frame
            if (nowS < _nextS - slackS)
            {
                return false;
            }
            double stepS = 1 / ratePerS;
            _nextS = nowS - _nextS > stepS ? nowS + stepS : _nextS + stepS;
            return true;
        }
    }
}
