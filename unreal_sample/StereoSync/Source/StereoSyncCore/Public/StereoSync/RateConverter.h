// From the stream's rate to the audio device's. Used by the audio thread alone; allocates nothing after the first block.
#pragma once

#include <cstddef>
#include <vector>

#include "StereoSync/PlaybackRing.h"

namespace stereosync {

/// Windowed-sinc interpolation (J. O. Smith, "Digital Audio Resampling", 1984) that goes on from call to call. Equal rates pass
/// through unchanged until a conversion has begun; after that the sound goes through the filter, so that no change of rates clicks.
class STEREOSYNCCORE_API RateConverter {
public:
    explicit RateConverter(PlaybackRing& ring);

    /// `count` pairs (left right left right) at `device_rate_hz`.
    void read(float* out, size_t count, int device_rate_hz);

private:
    static constexpr int taps = 32;
    static constexpr int phases = 256;

    void make_kernel(double cutoff);
    void convert(float* out, size_t count, double step);
    void interpolate(const float* window, double share, float* out) const;

    PlaybackRing& ring_;
    bool converting_ = false;
    double cutoff_ = 0;
    std::vector<float> kernel_;  // (phases + 1, taps)
    std::vector<float> window_;  // pairs: the last `taps` of the block before, then those of this block
    double place_ = 0;           // of the next output between the middle two pairs, in [0, 1)
};

}  // namespace stereosync
