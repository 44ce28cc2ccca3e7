// Stereo over the channels of a device.
#pragma once

#include <cstddef>

namespace stereosync {

/// From two channels to as many as the device has: mono is the average, more than two are front left and right.
inline void spread(const float* stereo, int frames, float* data, int channels) {
    for (int frame = 0; frame < frames; ++frame) {
        const float left = stereo[2 * frame], right = stereo[2 * frame + 1];
        float* out = data + static_cast<std::ptrdiff_t>(frame) * channels;
        out[0] = channels == 1 ? (left + right) / 2 : left;
        for (int channel = 1; channel < channels; ++channel) {
            out[channel] = channel == 1 ? right : 0.0f;
        }
    }
}

}  // namespace stereosync
