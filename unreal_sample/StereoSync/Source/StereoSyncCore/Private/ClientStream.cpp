#include "StereoSync/ClientStream.h"

#include <algorithm>

namespace stereosync {

namespace {

constexpr double most_device_ms = 10000;

}  // namespace

ClientStream::ClientStream(const ClientOptions& options, const Clock& clock, Transport& transport, FrameSlot& slot,
                           FramePool& pool, PlaybackRing& ring, ClientEvents& listener, std::function<std::string()> new_id)
    : client(options, clock, transport, slot, pool, *this, std::move(new_id)), ring_(ring), listener_(listener) {}

void ClientStream::report_device(double device_ms) { device_ms_ = device_ms > 0 ? std::min(device_ms, most_device_ms) : 0; }

void ClientStream::report() {
    Playback playback = ring_.playback();
    playback.device_ms = device_ms_;
    client.report_playback(playback);
}

void ClientStream::offer(FramePtr frame) {
    report();
    client.offer(std::move(frame));
}

void ClientStream::poll(double timeout_ms) {
    report();
    client.poll(timeout_ms);
}

void ClientStream::pause() {
    paused_ = true;
    ring_.clear();
}

void ClientStream::resume() {
    paused_ = false;
    ring_.clear();
    client.reset("resumed");
}

void ClientStream::on_welcomed(const Welcome& welcome) {
    ring_.restart(welcome.epoch, 0, static_cast<int>(welcome.sample_rate_hz));
    listener_.on_welcomed(welcome);
}

void ClientStream::on_audio(const AudioMessage& audio) {
    if (!paused_) {
        ring_.write(audio.epoch, audio.start_sample, audio.samples.data(), static_cast<size_t>(audio.n_samples));
    }
    listener_.on_audio(audio);
}

}  // namespace stereosync
