// The playback buffer: one continuous stream, written by absolute sample and read by an audio callback.
// Any one thread writes and any other reads. A lock is held for one copy; the reader allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "StereoSync/Messages.h"

namespace stereosync {

/// Primes, plays, and on an underrun fades out, primes again and fades in. Positions are samples of the epoch's stream.
class STEREOSYNCCORE_API PlaybackRing {
public:
    struct Counters {
        int64_t underruns = 0;        // over all sessions
        int64_t late_samples = 0;     // came after their time and were dropped
        int64_t gap_samples = 0;      // never came and were played as silence
        int64_t skipped_samples = 0;  // thrown away to shorten the delay
    };

    explicit PlaybackRing(int sample_rate_hz = 48000);

    /// Places `count` sample pairs (left right left right) at `start_sample`; what is past is dropped, overlaps are cross-faded.
    void write(int64_t epoch, int64_t start_sample, const float* samples, size_t count);
    /// The next `count` pairs; silence while priming.
    void read(float* out, size_t count);
    /// Forgets what waits, as after a pause; the stream goes on where writing stopped, after priming.
    void clear();
    /// Forgets the stream, as for a new session; the counters go on, `playback` counts underruns anew.
    void restart(int64_t epoch, int64_t start_sample, int sample_rate_hz);

    Playback playback() const;
    Counters counters() const;
    bool priming() const;
    int sample_rate_hz() const;

private:
    void set_rate(int sample_rate_hz);
    float* at(size_t pair) { return buffer_.data() + 2 * (head_ + pair); }
    void make_room(size_t pairs);
    void begin_epoch(int64_t epoch, int64_t start_sample, const float* samples, size_t count);
    void place(int64_t offset, const float* samples, size_t count);
    void add_gap(size_t gap);
    void lay(size_t offset, const float* samples, size_t count, size_t fade_in);
    void shrink();
    size_t play(float* out, size_t count);
    void fade_in(float* out, size_t count);
    void remember(const float* out, size_t count);
    void play_tail(float* out, size_t count);
    void stop();
    float ramp(size_t index, size_t size) const;

    mutable std::mutex mutex_;
    int rate_hz_ = 0;
    size_t prime_ = 0, fade_ = 0, crossfade_ = 0, max_ = 0;
    std::vector<float> buffer_;  // pairs from `head_` on are to be played
    size_t head_ = 0, size_ = 0;
    std::vector<float> recent_;  // what was played last, `fade_` pairs, the oldest at `recent_at_`
    size_t recent_at_ = 0;
    std::vector<float> tail_;  // a fade out, to be added
    size_t tail_at_ = 0;
    int64_t position_ = 0, epoch_ = 0, earlier_underruns_ = 0;
    bool priming_ = true;
    size_t fade_in_left_ = 0;
    Counters counters_;
};

}  // namespace stereosync
