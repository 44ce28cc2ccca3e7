// Where a playing clip will be, and when. Pure, without the engine; any thread.
#pragma once

#include <cmath>
#include <limits>

namespace StereoSync
{
    constexpr double Never = std::numeric_limits<double>::infinity();

    /// A clip at this moment. Rate: seconds of the clip per second of the world, below 0 backwards.
    struct ClipTime
    {
        double AtS = 0.0;
        double LengthS = 0.0;
        double Rate = 0.0;
        bool bLoops = false;
    };

    /// Seconds of the world until a moment of the clip is reached next, 0 where it is; Never where it is not.
    inline double SecondsUntil(double MomentS, const ClipTime& Clip)
    {
        if (Clip.Rate == 0.0)
        {
            return Never;
        }
        const double Ahead = (MomentS - Clip.AtS) / Clip.Rate;
        if (Ahead >= 0.0)
        {
            return Ahead;
        }
        return Clip.bLoops && Clip.LengthS > 0.0 ? Ahead + Clip.LengthS / std::fabs(Clip.Rate) : Never;
    }

    /// How a blend space plays its clips without sync markers: all of them take the weighted mean of their own durations.
    class BlendedDuration
    {
    public:
        /// @param LengthS and @param Rate of a clip by itself
        void Add(double Weight, double LengthS, double Rate)
        {
            DurationS += Rate != 0.0 ? Weight * LengthS / std::fabs(Rate) : 0.0;
        }

        /// The rate at which a clip of this length and direction plays then.
        double RateOf(double LengthS, double Rate) const
        {
            return DurationS > 0.0 ? std::copysign(LengthS / DurationS, Rate) : Rate;
        }

    private:
        double DurationS = 0.0;
    };

    /// The side of a step in a clip that may be mirrored.
    template <typename Side>
    Side SideIn(Side Authored, bool bMirrored)
    {
        const Side Other = Authored == Side::Left ? Side::Right : Side::Left;
        return bMirrored ? Other : Authored;
    }
}
