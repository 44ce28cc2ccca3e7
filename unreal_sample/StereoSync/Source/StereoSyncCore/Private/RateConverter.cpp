#include "StereoSync/RateConverter.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace stereosync {

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double roll_off = 0.94;      // of the lower Nyquist frequency: where the filter begins to fall
constexpr size_t block = 256;           // outputs at a time
constexpr double kaiser_beta = 8.0;    // about -80 dB beside the pass band

double bessel_i0(double x) {
    double sum = 1, term = 1;
    for (int k = 1; k < 40; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

double sinc(double x) { return std::abs(x) < 1e-12 ? 1 : std::sin(pi * x) / (pi * x); }

}  // namespace

RateConverter::RateConverter(PlaybackRing& ring)
    : ring_(ring), kernel_(static_cast<size_t>((phases + 1) * taps)), window_(2 * taps) {
    constexpr size_t most_per_output = 24;  // from 192 kHz to 8 kHz
    window_.reserve(2 * (taps + block * most_per_output + 1));
}

void RateConverter::make_kernel(double cutoff) {
    cutoff_ = cutoff;
    for (int phase = 0; phase <= phases; ++phase) {
        float* row = kernel_.data() + phase * taps;
        double sum = 0;
        for (int tap = 0; tap < taps; ++tap) {
            const double x = tap - (taps / 2 - 1) - static_cast<double>(phase) / phases;
            const double edge = std::max(0.0, 1 - (2 * x / taps) * (2 * x / taps));
            const double value = cutoff * sinc(cutoff * x) * bessel_i0(kaiser_beta * std::sqrt(edge)) / bessel_i0(kaiser_beta);
            row[tap] = static_cast<float>(value);
            sum += value;
        }
        for (int tap = 0; tap < taps; ++tap) {
            row[tap] = static_cast<float>(row[tap] / sum);  // silence and steady levels stay what they are
        }
    }
}

void RateConverter::read(float* out, size_t count, int device_rate_hz) {
    const int rate_hz = ring_.sample_rate_hz();
    if (rate_hz == device_rate_hz && !converting_) {
        ring_.read(out, count);
        return;
    }
    converting_ = true;
    const double cutoff = roll_off * std::min(1.0, static_cast<double>(device_rate_hz) / rate_hz);
    if (cutoff != cutoff_) {
        make_kernel(cutoff);
    }
    const double step = static_cast<double>(rate_hz) / device_rate_hz;
    for (size_t done = 0; done < count; done += block) {
        convert(out + 2 * done, std::min(block, count - done), step);
    }
}

void RateConverter::convert(float* out, size_t count, double step) {
    const double end = place_ + static_cast<double>(count) * step;
    const auto needed = static_cast<size_t>(end);
    window_.resize(2 * (taps + needed));
    ring_.read(window_.data() + 2 * taps, needed);
    for (size_t i = 0; i < count; ++i) {
        const double at = place_ + static_cast<double>(i) * step;
        const auto whole = static_cast<size_t>(at);
        interpolate(window_.data() + 2 * whole, at - static_cast<double>(whole), out + 2 * i);
    }
    std::memmove(window_.data(), window_.data() + 2 * needed, 2 * taps * sizeof(float));
    place_ = end - static_cast<double>(needed);
}

void RateConverter::interpolate(const float* window, double share, float* out) const {
    const double exact = share * phases;
    const auto phase = static_cast<size_t>(exact);
    const auto between = static_cast<float>(exact - static_cast<double>(phase));
    const float* low = kernel_.data() + phase * taps;
    const float* high = low + taps;
    float left = 0, right = 0;
    for (size_t tap = 0; tap < taps; ++tap) {
        const float weight = low[tap] + between * (high[tap] - low[tap]);
        left += weight * window[2 * tap];
        right += weight * window[2 * tap + 1];
    }
    out[0] = left;
    out[1] = right;
}

}  // namespace stereosync
