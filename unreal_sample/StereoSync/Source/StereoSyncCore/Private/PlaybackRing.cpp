#include "StereoSync/PlaybackRing.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace stereosync {

namespace {

constexpr double prime_ms = 30, fade_ms = 5, crossfade_ms = 5, max_buffer_ms = 500;
constexpr size_t largest_chunk = 48000;

size_t samples(double duration_ms, int rate_hz) {
    return static_cast<size_t>(std::nearbyint(duration_ms * rate_hz / 1000));  // halves to even, as everywhere
}

}  // namespace

PlaybackRing::PlaybackRing(int sample_rate_hz) { set_rate(sample_rate_hz); }

void PlaybackRing::set_rate(int sample_rate_hz) {
    rate_hz_ = sample_rate_hz;
    prime_ = samples(prime_ms, rate_hz_);
    fade_ = samples(fade_ms, rate_hz_);
    crossfade_ = samples(crossfade_ms, rate_hz_);
    max_ = samples(max_buffer_ms, rate_hz_);
    buffer_.resize(2 * 2 * (max_ + largest_chunk));
    head_ = 0;
    recent_.assign(2 * fade_, 0.0f);
    recent_at_ = 0;
    tail_.reserve(2 * fade_);
}

float PlaybackRing::ramp(size_t index, size_t size) const {
    return static_cast<float>((static_cast<double>(index) + 0.5) / static_cast<double>(std::max<size_t>(1, size)));
}

void PlaybackRing::make_room(size_t pairs) {
    if (head_ > 0 && 2 * (head_ + pairs) > buffer_.size()) {
        std::memmove(buffer_.data(), at(0), 2 * size_ * sizeof(float));
        head_ = 0;
    }
    if (2 * pairs > buffer_.size()) {
        buffer_.resize(2 * pairs);
    }
}

void PlaybackRing::write(int64_t epoch, int64_t start_sample, const float* samples, size_t count) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (epoch < epoch_) {
        counters_.late_samples += static_cast<int64_t>(count);
    } else if (epoch > epoch_) {
        begin_epoch(epoch, start_sample, samples, count);
    } else {
        place(start_sample - position_, samples, count);
        shrink();
    }
}

void PlaybackRing::begin_epoch(int64_t epoch, int64_t start_sample, const float* samples, size_t count) {
    if (!priming_ && size_ == 0) {
        stop();
    }
    lay(0, samples, count, 0);
    epoch_ = epoch;
    position_ = start_sample;
}

void PlaybackRing::place(int64_t offset, const float* samples, size_t count) {
    if (offset < 0) {
        const auto late = static_cast<size_t>(std::min<int64_t>(-offset, static_cast<int64_t>(count)));
        counters_.late_samples += static_cast<int64_t>(late);
        offset = 0;
        samples += 2 * late;
        count -= late;
    }
    if (count == 0) {
        return;
    }
    if (size_ > 0 && offset > static_cast<int64_t>(max_)) {  // further ahead than may ever wait: go there at once
        counters_.skipped_samples += offset;
        position_ += offset;
        lay(0, samples, count, 0);
        return;
    }
    const int64_t gap = std::max<int64_t>(0, offset - static_cast<int64_t>(size_));
    counters_.gap_samples += gap;
    if (gap > 0 && size_ == 0) {
        position_ += gap;
        offset = 0;
    } else if (gap > 0) {
        add_gap(static_cast<size_t>(gap));
    }
    lay(static_cast<size_t>(offset), samples, count, gap > 0 && size_ > 0 ? fade_ : 0);
}

void PlaybackRing::add_gap(size_t gap) {
    const size_t fading = std::min(fade_, size_);
    for (size_t i = 0; i < fading; ++i) {
        float* pair = at(size_ - 1 - i);
        pair[0] *= ramp(i, fading);
        pair[1] *= ramp(i, fading);
    }
    make_room(size_ + gap);
    std::fill(at(size_), at(size_) + 2 * gap, 0.0f);
    size_ += gap;
}

// What waits up to `offset`, then the samples; over their overlap one fades into the other. The first `fade_in` pairs rise.
void PlaybackRing::lay(size_t offset, const float* samples, size_t count, size_t fade_in) {
    make_room(std::max(size_, offset + count));
    const size_t overlap = std::min({crossfade_, size_ - offset, count});
    const size_t rising = std::min(fade_in, count);
    for (size_t i = 0; i < 2 * count; ++i) {
        const size_t pair = i / 2;
        const float sample = pair < rising ? samples[i] * ramp(pair, rising) : samples[i];
        float& slot = at(offset)[i];
        slot = pair < overlap ? slot * (1 - ramp(pair, overlap)) + sample * ramp(pair, overlap) : sample;
    }
    size_ = offset + count;
}

void PlaybackRing::shrink() {
    if (size_ <= max_) {
        return;
    }
    const size_t excess = size_ - max_;
    const size_t overlap = std::min({crossfade_, excess, max_});
    for (size_t i = 0; i < 2 * overlap; ++i) {
        const float rise = ramp(i / 2, overlap);
        at(excess)[i] = at(0)[i] * (1 - rise) + at(excess)[i] * rise;
    }
    head_ += excess;
    size_ = max_;
    position_ += static_cast<int64_t>(excess);
    counters_.skipped_samples += static_cast<int64_t>(excess);
}

void PlaybackRing::read(float* out, size_t count) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (priming_ && size_ >= std::max<size_t>(1, prime_)) {
        priming_ = false;
        fade_in_left_ = fade_;
    }
    const size_t taken = priming_ ? 0 : play(out, count);
    std::fill(out + 2 * taken, out + 2 * count, 0.0f);
    if (taken < count && !priming_) {
        ++counters_.underruns;
        stop();
    }
    play_tail(out + 2 * taken, count - taken);
}

size_t PlaybackRing::play(float* out, size_t count) {
    const size_t taken = std::min(count, size_);
    std::copy_n(at(0), 2 * taken, out);
    head_ += taken;
    size_ -= taken;
    position_ += static_cast<int64_t>(taken);
    fade_in(out, taken);
    play_tail(out, taken);
    remember(out, taken);
    return taken;
}

void PlaybackRing::fade_in(float* out, size_t count) {
    const size_t done = fade_ - std::min(fade_, fade_in_left_);
    const size_t rising = std::min(fade_in_left_, count);
    for (size_t i = 0; i < 2 * rising; ++i) {
        out[i] *= ramp(done + i / 2, fade_);
    }
    fade_in_left_ -= rising;
}

void PlaybackRing::remember(const float* out, size_t count) {
    const size_t newest = std::min(count, fade_);
    for (size_t i = count - newest; i < count; ++i) {
        recent_[2 * recent_at_] = out[2 * i];
        recent_[2 * recent_at_ + 1] = out[2 * i + 1];
        recent_at_ = (recent_at_ + 1) % fade_;
    }
}

// The last sound played backwards joins without a step and needs no look-ahead.
void PlaybackRing::stop() {
    if (priming_) {
        return;  // a fade that is under way goes on
    }
    priming_ = true;
    tail_.resize(2 * fade_);
    tail_at_ = 0;
    for (size_t i = 0; i < 2 * fade_; ++i) {
        const size_t newest_first = (recent_at_ + fade_ - 1 - i / 2) % fade_;
        tail_[i] = recent_[2 * newest_first + i % 2] * ramp(fade_ - 1 - i / 2, fade_);
    }
    std::fill(recent_.begin(), recent_.end(), 0.0f);
}

void PlaybackRing::play_tail(float* out, size_t count) {
    const size_t playing = std::min(tail_.size() / 2 - tail_at_, count);
    for (size_t i = 0; i < 2 * playing; ++i) {
        out[i] += tail_[2 * tail_at_ + i];
    }
    tail_at_ += playing;
}

void PlaybackRing::clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    position_ += static_cast<int64_t>(size_);
    head_ = size_ = 0;
    stop();
}

void PlaybackRing::restart(int64_t epoch, int64_t start_sample, int sample_rate_hz) {
    const std::lock_guard<std::mutex> lock(mutex_);
    head_ = size_ = 0;
    epoch_ = epoch;
    position_ = start_sample;
    earlier_underruns_ = counters_.underruns;
    stop();
    if (sample_rate_hz != rate_hz_) {
        set_rate(sample_rate_hz);
    }
}

Playback PlaybackRing::playback() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {position_, 1000 * static_cast<double>(size_) / rate_hz_, counters_.underruns - earlier_underruns_, epoch_, 0};
}

PlaybackRing::Counters PlaybackRing::counters() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return counters_;
}

bool PlaybackRing::priming() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return priming_;
}

int PlaybackRing::sample_rate_hz() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return rate_hz_;
}

}  // namespace stereosync
