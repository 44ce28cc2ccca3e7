// A client and the ring that its chunks go into: what a game holds.
// One thread makes every call; the audio thread reads the ring alone.
#pragma once

#include "StereoSync/BridgeClient.h"
#include "StereoSync/PlaybackRing.h"

namespace stereosync {

/// Tells the client what was played, and the ring what has come. A lost session leaves the ring to play out.
class STEREOSYNCCORE_API ClientStream final : private ClientEvents {
public:
    /// `listener` is told after the ring was. The references must outlive the stream.
    ClientStream(const ClientOptions& options, const Clock& clock, Transport& transport, FrameSlot& slot, FramePool& pool,
                 PlaybackRing& ring, ClientEvents& listener, std::function<std::string()> new_id = random_session_id);

    BridgeClient client;

    /// What lies between the ring and the ear; goes out with every report from here on. Held within 0 to 10000 ms, NaN is 0.
    void report_device(double device_ms);
    /// Offers a checked frame.
    void offer(FramePtr frame);
    /// Handles what came; chunks are in the ring when the listener is told of them.
    void poll(double timeout_ms);
    /// The game stands still: fall silent, and take in no sound until `resume`.
    void pause();
    /// The game goes on: the stream is made anew from what is seen now.
    void resume();

private:
    void report();
    void on_welcomed(const Welcome& welcome) override;
    void on_audio(const AudioMessage& audio) override;
    void on_stats(const StatsMessage& stats) override { listener_.on_stats(stats); }
    void on_error(const ErrorMessage& error) override { listener_.on_error(error); }
    void on_unanswered(const std::string& reason) override { listener_.on_unanswered(reason); }
    void on_disconnected(const std::string& reason) override { listener_.on_disconnected(reason); }

    PlaybackRing& ring_;
    ClientEvents& listener_;
    bool paused_ = false;
    double device_ms_ = 0;
};

}  // namespace stereosync
