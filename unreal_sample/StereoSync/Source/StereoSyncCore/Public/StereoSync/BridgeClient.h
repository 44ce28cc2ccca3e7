// What an engine plug-in does on the wire, decision by decision as the Python client: bridge/CONFORMANCE.md.
// One thread makes every call; no call blocks longer than `poll` is told to. Clock and transport are passed in.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "StereoSync/Clock.h"
#include "StereoSync/Frame.h"
#include "StereoSync/Transport.h"

namespace stereosync {

/// CURVE keys in Z85, 40 characters each; for the transport over libzmq.
struct CurveKeys {
    std::string public_key;
    std::string secret_key;
    std::string server_key;
};

/// How a client connects. Without `frames_address` the control address's host and the port that WELCOME names.
struct ClientOptions {
    std::string control_address = "tcp://127.0.0.1:5750";
    std::string frames_address;
    bool insecure = false;  // beyond this machine without keys
    std::optional<CurveKeys> curve;
    std::string client = "unreal";
    std::string engine;
    std::string package = package_version;
    std::vector<std::pair<std::string, bool>> capabilities{{"credit", true}, {"jpeg", false}};
    bool reconnect = true;

    /// Why these options cannot be used; empty if they can.
    std::string trouble() const;

private:
    std::string trouble_of(const std::string& address) const;
};

/// The server's clock, from echoes: the quickest of the last 16 counts (NTP's clock filter, RFC 5905, section 10).
class STEREOSYNCCORE_API ClockOffset {
public:
    void add(const Echo& echo);
    size_t count() const { return count_; }
    double offset_s() const { return offset_s_; }
    double round_trip_s() const { return round_trip_s_; }

private:
    static constexpr size_t keep = 16;
    std::array<Echo, keep> echoes_{};
    size_t next_ = 0, count_ = 0;
    double offset_s_ = 0, round_trip_s_ = 0;
};

/// What the client knows of one session. Plain data.
struct STEREOSYNCCORE_API ClientSession {
    std::string id;
    double said_hello_s = 0;
    std::optional<Welcome> welcome;
    int64_t credit = 0;
    int64_t frames_sent = 0;
    std::optional<double> first_sent_s;
    bool answered = false;  // a frame was used, or something was said of it
    double last_heard_s = 0;
    double next_ping_s = 0;
    ClockOffset clock;

    bool may_send() const { return welcome.has_value() && frames_sent < credit; }
    void take_echo(Echo echo, int64_t new_credit);
    /// The largest seen counts.
    void take_credit(int64_t new_credit);
    void count_sent(double now_s);
    /// Whether it is time to say that no frame was ever answered; true once. Credit is no answer: the server restores that
    /// of frames which never came.
    bool frames_are_lost(double now_s);
    bool is_lost(double now_s) const;
    /// Whether a ping is to be sent now; the next one is then scheduled.
    bool ping_due(double now_s);
};

/// What the client tells, on the thread that polls.
class STEREOSYNCCORE_API ClientEvents {
public:
    virtual ~ClientEvents() = default;
    virtual void on_welcomed(const Welcome&) {}
    virtual void on_audio(const AudioMessage&) {}
    virtual void on_stats(const StatsMessage&) {}
    virtual void on_error(const ErrorMessage&) {}
    virtual void on_unanswered(const std::string& /*reason*/) {}
    virtual void on_disconnected(const std::string& /*reason*/) {}
};

/// Sends frames, receives chunks.
class STEREOSYNCCORE_API BridgeClient {
public:
    /// `new_id` gives 32 hexadecimal digits for each HELLO; the references must outlive the client.
    BridgeClient(const ClientOptions& options, const Clock& clock, Transport& transport, FrameSlot& slot, FramePool& pool,
                 ClientEvents& events, std::function<std::string()> new_id);

    /// Starts connecting; `poll` then tells of WELCOME.
    void begin();
    /// Puts a checked frame into the slot and sends it if there is a credit.
    void offer(FramePtr frame);
    /// What the ring says; goes out with the next frame and the next ping. One that breaks a rule is not taken.
    Problem report_playback(const Playback& playback);
    /// Waits at most this long for messages and handles all that came; also pings, reconnects and sends.
    void poll(double timeout_ms);
    /// Tells the server, if there is a session, that the scene was cut.
    void reset(const std::string& reason);
    /// Ends the session; nothing is sent or received afterwards until `begin`.
    void bye(const std::string& reason);

    bool connected() const { return session_ && session_->welcome; }
    /// Whether there is no session and none is tried for.
    bool at_rest() const { return !session_ && !retry_at_s_; }
    double clock_offset_s() const { return session_ ? session_->clock.offset_s() : 0; }
    double round_trip_s() const { return session_ ? session_->clock.round_trip_s() : 0; }
    int64_t frames_sent() const { return frames_sent_; }
    int64_t invalid() const { return invalid_; }

private:
    void flush();
    void on_parts(const Parts& parts);
    void on_message(ServerMessage& message, const Parts& parts);
    void on_welcome(const Welcome& welcome);
    void on_audio(AudioMessage& audio, const Bytes& pcm);
    void on_error(const ErrorMessage& error);
    void on_broken_rule(const WireError& error);
    void keep_alive();
    void lose(const std::string& reason, std::optional<double> retry_in_s);
    void end();
    std::string no_frame_used() const;
    std::string no_answer() const;

    const ClientOptions options_;
    const Clock& clock_;
    Transport& transport_;
    FrameSlot& slot_;
    FramePool& pool_;
    ClientEvents& events_;
    std::function<std::string()> new_id_;
    Playback playback_;
    MsgpackWriter header_;  // of the newest FRAME; keeps its memory
    std::unique_ptr<ClientSession> session_;
    std::string frames_address_;
    std::optional<double> retry_at_s_;  // when HELLO is said next, while there is no session
    int64_t frames_sent_ = 0, invalid_ = 0;
};

/// 32 random hexadecimal digits.
STEREOSYNCCORE_API std::string random_session_id();

}  // namespace stereosync
