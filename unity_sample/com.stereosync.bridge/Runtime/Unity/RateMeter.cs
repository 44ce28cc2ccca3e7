// How fast a counter rises. One thread at a time.
namespace StereoSync
{
    /// <summary>Looks at a counter once a second.</summary>
    internal sealed class RateMeter
    {
        double _sinceS = double.NegativeInfinity;
        long _before;
        double _perS;

        /// <summary>Rate over the last whole second or more; 0 before that.</summary>
        public double Of(long counter, double nowS)
        {
            if (nowS - _sinceS < 1)
            {
                return _perS;
            }
            _perS = double.IsInfinity(_sinceS) ? 0 : (counter - _before) / (nowS - _sinceS);
            _before = counter;
            _sinceS = nowS;
            return _perS;
        }
    }
}
