// When the next frame is due. Pure, without the engine; one thread at a time.
#pragma once

#include <limits>

namespace StereoSync
{
    /// Says yes at a steady rate, however often it is asked, and does not catch up after a pause.
    class FramePacer
    {
    public:
        /// @param NowS any monotonic clock, s
        /// @param RatePerS wanted rate, above 0
        bool IsDue(double NowS, double RatePerS)
        {
            const double StepS = 1.0 / RatePerS;
            const double SlackS = StepS / 4; // a screen of nearly the same rate is followed, frame by frame
            if (NowS < NextS - SlackS)
            {
                return false;
            }
            NextS = NowS - NextS > StepS ? NowS + StepS : NextS + StepS;
            return true;
        }

    private:
        double NextS = -std::numeric_limits<double>::infinity();
    };
}
