// What an engine holds: a thread of its own with client and transport, and the ring for the audio thread.
// Who may call what stands at each function.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "StereoSync/ClientStream.h"
#include "StereoSync/RateConverter.h"

namespace stereosync {

/// Where a worker stands.
enum class BridgeState { stopped, connecting, connected, refused };

/// What a worker last knew of itself.
struct BridgeStatus {
    BridgeState state = BridgeState::stopped;
    std::string text = "not started";  // a sentence for a person: what goes on, and what to do if it is wrong
    std::string last_error;            // with its cure; empty if there was none in this session
    std::string bundle;                // the model that makes the sound
    bool takes_feet = false;           // what the model can be told; the service ignores the rest
    bool takes_contacts = false;
    bool takes_surface = false;
    bool takes_scene = false;
    double round_trip_ms = 0;
    double clock_offset_s = 0;
    double buffered_ms = 0;
    bool priming = true;
    PlaybackRing::Counters ring;
    int64_t frames_offered = 0;
    int64_t frames_sent = 0;
    int64_t frames_replaced = 0;
    int64_t frames_rejected = 0;
    int64_t chunks = 0;
    int64_t sessions = 0;
    int64_t invalid = 0;
    double chunk_age_ms = 0;     // of the newest frame when the newest chunk is heard, as the service expects
    int64_t sample_rate_hz = 0;  // 0 before WELCOME
    int64_t picture_width_px = 0;  // the size that the model sees; 0: any is as good
    int64_t picture_height_px = 0;
};

/// Something that happened, for the log.
struct Notice {
    enum class Kind { connected, lost, unanswered, warning, error };
    Kind kind = Kind::error;
    std::string code;
    std::string text;
};

/// Owns one thread. Dropping it ends the session with BYE and waits for the thread.
class STEREOSYNCCORE_API BridgeWorker {
public:
    explicit BridgeWorker(const ClientOptions& options);
    ~BridgeWorker();
    BridgeWorker(const BridgeWorker&) = delete;
    BridgeWorker& operator=(const BridgeWorker&) = delete;

    /// Game thread: begins to connect; a second call does nothing.
    void start();
    /// Game thread: says BYE and waits for the thread; a second call does nothing.
    void stop();

    /// Game thread: a frame to fill; its buffers were used before.
    FramePtr rent_frame() { return pool_.rent(); }
    /// Game thread: hands a frame over, never waits. A frame that breaks a rule is not taken, and a notice says why.
    bool offer(FramePtr frame);
    /// Game thread: gives a rented frame back unused.
    void give_back(FramePtr frame) { pool_.give_back(std::move(frame)); }

    /// Audio thread: fills `frames` times `channels` samples; mono is the average, more than two are front left and right.
    /// Silence at a rate that is not 8000 to 192000 Hz.
    void read(float* data, int frames, int channels, int device_rate_hz);

    /// Any thread: what lies between `read` and the ear, ms; 0 until it is said.
    void set_device_latency(double device_ms) { device_ms_ = device_ms; }

    /// Any thread: the game stands still; it goes on; it cut the scene (reason: 256 characters at most).
    void pause();
    void resume();
    void reset(const std::string& reason);

    /// Any thread: the client's clock, for `Frame::capture_client_s`.
    double now_s() const { return clock_.now_s(); }
    BridgeStatus status() const;
    /// Any thread: the oldest notice that nobody took.
    bool take_notice(Notice& notice);

private:
    class Keeper;

    struct Request {
        enum class Kind { pause, resume, reset } kind;
        std::string reason;
    };

    void ask(Request request);
    void run();
    void take_requests(ClientStream& stream);
    void wake();

    const ClientOptions options_;
    MonotonicClock clock_;
    FramePool pool_;
    FrameSlot slot_;
    PlaybackRing ring_;
    RateConverter converter_;
    std::unique_ptr<Keeper> keeper_;
    std::mutex mutex_;  // of the requests and of `transport_`
    std::deque<Request> requests_;
    Transport* transport_ = nullptr;
    std::atomic<double> device_ms_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// The transport that the options need; null, and a sentence, when this build has none.
STEREOSYNCCORE_API std::unique_ptr<Transport> make_transport(const ClientOptions& options, std::string& trouble);

}  // namespace stereosync
