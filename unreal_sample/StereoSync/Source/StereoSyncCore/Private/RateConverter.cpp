#include "StereoSync/RateConverter.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace stereosync {

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double cutoff = 0.92;         // of the lower Nyquist frequency, where the response is a half
constexpr double kaiser_beta = 8.0;     // about -80 dB beside the pass band
constexpr size_t per_crossing = 512;    // entries of the table; with linear interpolation its error is below -100 dB
constexpr size_t largest_ratio = 24;    // 192 kHz to 8 kHz
constexpr size_t block = 256;           // outputs at a time

double bessel_i0(double x) {
    double sum = 1, term = 1;
    for (int k = 1; k < 40; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

double sinc(double x) { return std::abs(x) < 1e-12 ? 1 : std::sin(pi * x) / (pi * x); }

std::vector<float> filter_side(size_t crossings) {
    std::vector<float> table(crossings * per_crossing + 2, 0.0f);
    for (size_t i = 0; i < crossings * per_crossing; ++i) {
        const double x = static_cast<double>(i) / per_crossing, edge = x / static_cast<double>(crossings);
        const double window = bessel_i0(kaiser_beta * std::sqrt(1 - edge * edge)) / bessel_i0(kaiser_beta);
        table[i] = static_cast<float>(window * sinc(cutoff * x));
    }
    return table;
}

}  // namespace

RateConverter::RateConverter(PlaybackRing& ring)
    : ring_(ring), table_(filter_side(crossings)), held_count_(crossings * largest_ratio), at_(held_count_) {
    held_.resize(2 * (2 * held_count_ + (block + 2) * largest_ratio));
}

void RateConverter::read(float* out, size_t count, int device_rate_hz) {
    const double step = static_cast<double>(ring_.sample_rate_hz()) / device_rate_hz;
    if (count == 0) {
        ring_.read(out, 0);  // a callback that wants nothing still ends the priming
    }
    for (size_t done = 0; done < count; done += block) {
        read_block(out + 2 * done, std::min(block, count - done), step);
    }
}

void RateConverter::read_block(float* out, size_t count, double step) {
    if (step == 1) {
        at_ += share_ < 0.5 ? 0 : 1;
        share_ = 0;
        pass(out, count);
    } else {
        interpolate(out, count, step);
    }
    forget();
}

void RateConverter::pass(float* out, size_t count) {
    fetch(at_ + count);
    std::memcpy(out, held_.data() + 2 * at_, 2 * count * sizeof(float));
    at_ += count;
}

void RateConverter::interpolate(float* out, size_t count, double step) {
    const double scale = std::min(1.0, 1 / step);
    const auto reach = static_cast<size_t>(std::ceil(static_cast<double>(crossings) / scale));
    fetch(at_ + static_cast<size_t>(share_ + static_cast<double>(count - 1) * step) + 2 + reach);  // one more, for what rounding may add
    for (size_t i = 0; i < count; ++i) {
        weigh(scale, reach, out + 2 * i);
        share_ += step;
        const auto whole = static_cast<size_t>(share_);
        share_ -= static_cast<double>(whole);
        at_ += whole;
    }
}

// The weights are made to sum to 1, so that every share has the same gain.
void RateConverter::weigh(double scale, size_t reach, float* out) const {
    double left = 0, right = 0, sum = 0;
    for (const int side : {-1, 1}) {
        double place = (side < 0 ? share_ : 1 - share_) * scale * per_crossing;
        const float* pair = held_.data() + 2 * (at_ + (side < 0 ? 0 : 1));
        for (size_t tap = 0; tap < reach; ++tap, place += scale * per_crossing, pair += 2 * side) {
            const size_t index = std::min(static_cast<size_t>(place), table_.size() - 2);
            const double low = table_[index], high = table_[index + 1];
            const double weight = low + (place - static_cast<double>(index)) * (high - low);
            left += weight * static_cast<double>(pair[0]);
            right += weight * static_cast<double>(pair[1]);
            sum += weight;
        }
    }
    out[0] = static_cast<float>(left / sum);
    out[1] = static_cast<float>(right / sum);
}

void RateConverter::fetch(size_t needed) {
    if (needed > held_count_) {
        ring_.read(held_.data() + 2 * held_count_, needed - held_count_);
        held_count_ = needed;
    }
}

void RateConverter::forget() {
    const size_t history = crossings * largest_ratio, past = at_ - history;  // `at_` never lies before the history's end
    std::memmove(held_.data(), held_.data() + 2 * past, 2 * (held_count_ - past) * sizeof(float));
    held_count_ -= past;
    at_ = history;
}

}  // namespace stereosync
