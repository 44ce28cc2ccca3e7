// Time, passed in, so that tests turn it by hand.
#pragma once

#include "StereoSync/Api.h"

namespace stereosync {

/// Seconds of a monotonic clock.
class STEREOSYNCCORE_API Clock {
public:
    virtual ~Clock() = default;
    virtual double now_s() const = 0;
};

/// The machine's steady clock. Any thread may call.
class STEREOSYNCCORE_API MonotonicClock final : public Clock {
public:
    double now_s() const override;
};

}  // namespace stereosync
