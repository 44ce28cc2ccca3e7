// From the stream's rate to the audio device's. Used by the audio thread alone; allocates nothing after it was made.
#pragma once

#include <cstddef>
#include <vector>

#include "StereoSync/PlaybackRing.h"

namespace stereosync {

/// Windowed-sinc interpolation (J. O. Smith, "Digital Audio Resampling", 1984) without a seam between calls of any size or where a rate
/// changes. At equal rates the samples pass unchanged and at once; else they come `crossings` samples of the lower rate later.
class STEREOSYNCCORE_API RateConverter {
public:
    explicit RateConverter(PlaybackRing& ring);

    /// `count` pairs (left right left right) at `device_rate_hz`, 8000 to 192000.
    void read(float* out, size_t count, int device_rate_hz);

private:
    static constexpr size_t crossings = 32;  // zeros of the filter on each side

    void read_block(float* out, size_t count, double step);
    void pass(float* out, size_t count);
    void interpolate(float* out, size_t count, double step);
    void weigh(double scale, size_t reach, float* out) const;
    void fetch(size_t needed);
    void forget();

    PlaybackRing& ring_;
    std::vector<float> table_;  // one side of the filter
    std::vector<float> held_;   // pairs: what was heard last, then what is yet to be heard
    size_t held_count_;
    size_t at_;         // in `held_`, the pair at or before the next output
    double share_ = 0;  // how far beyond it the next output lies, 0 to 1
};

}  // namespace stereosync
