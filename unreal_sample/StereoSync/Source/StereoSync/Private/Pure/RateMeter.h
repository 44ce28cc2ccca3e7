// How fast a counter rises. Pure, without the engine; one thread at a time.
#pragma once

namespace StereoSync
{
    /// Looks at a counter once a second.
    class RateMeter
    {
    public:
        /// Rate over the last whole second or more; 0 before that.
        double Of(long long Counter, double NowS)
        {
            if (bStarted && NowS - SinceS < 1.0)
            {
                return PerS;
            }
            PerS = bStarted ? (Counter - Before) / (NowS - SinceS) : 0.0;
            bStarted = true;
            Before = Counter;
            SinceS = NowS;
            return PerS;
        }

    private:
        bool bStarted = false;
        double SinceS = 0.0;
        double PerS = 0.0;
        long long Before = 0;
    };
}
