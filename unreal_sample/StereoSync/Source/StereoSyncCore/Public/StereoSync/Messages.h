// The messages of wire 1.1 but FRAME, as bridge/PROTOCOL.md has them. Plain data; units stand in the names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "StereoSync/Msgpack.h"
#include "StereoSync/WireError.h"

namespace stereosync {

constexpr const char* wire_version = "1.1";
constexpr const char* min_wire_version = "1.0";
constexpr const char* package_version = "0.1.0";
constexpr int64_t max_integer = int64_t{1} << 53;

/// A message as it goes over a lane: a header and its payloads.
using Parts = std::vector<Bytes>;

/// What the client's ring says. `played_samples`: position in the epoch's stream of the next sample to be heard;
/// `device_ms`: what lies between the ring and the ear.
struct STEREOSYNCCORE_API Playback {
    int64_t played_samples = 0;
    double buffered_ms = 0;
    int64_t underruns = 0;
    int64_t epoch = 0;
    double device_ms = 0;

    /// The first rule of the wire that it breaks.
    Problem problem() const;
};

struct Hello {
    std::string session;
    std::string wire = wire_version;
    std::string min_wire = min_wire_version;
    std::string package = package_version;
    std::string client;
    std::string engine;
    std::vector<std::pair<std::string, bool>> capabilities;
    double sent_client_s = 0;
};

/// One exchange with the server's clock; `back_s` is filled in on arrival.
struct Echo {
    double sent_s = 0;
    double received_server_s = 0;
    double answered_server_s = 0;
    double back_s = 0;

    double round_trip_s() const { return (back_s - sent_s) - (answered_server_s - received_server_s); }
    double offset_s() const { return ((received_server_s - sent_s) + (answered_server_s - back_s)) / 2; }
};

struct Welcome {
    std::string session;
    std::string wire;
    std::string min_wire;
    std::string package;
    std::map<std::string, bool> capabilities;
    int64_t sample_rate_hz = 0;
    int64_t chunk_samples = 0;
    double target_buffer_ms = 0;
    int64_t epoch = 0;
    double heartbeat_s = 0;
    int64_t frames_port = 0;
    int64_t credit = 0;
    std::string bundle;
    int64_t picture_width_px = 0;  // 0: any size is as good
    int64_t picture_height_px = 0;
    Echo echo;

    /// Whether the server announced a capability.
    bool can(const std::string& name) const {
        const auto found = capabilities.find(name);
        return found != capabilities.end() && found->second;
    }
};

struct ErrorMessage {
    std::string code;
    std::string field;
    std::string rule;
    bool fatal = false;
};

/// A chunk: `samples` holds left right left right, float32.
struct AudioMessage {
    int64_t epoch = 0;
    int64_t start_sample = 0;
    int64_t n_samples = 0;
    int64_t credit = 0;
    std::optional<double> capture_client_s;
    double age_s = 0;
    int64_t steps = 0;
    double compute_ms = 0;
    std::vector<float> samples;
};

struct Ping {
    double sent_client_s = 0;
    int64_t frames_sent = 0;
    Playback playback;
};

struct Pong {
    Echo echo;
    int64_t credit = 0;
};

struct CreditMessage {
    int64_t credit = 0;
};

struct StatsMessage {
    std::map<std::string, double> values;
};

/// What the server may say; `kind` names the member that was read.
struct ServerMessage {
    enum class Kind { ignored, welcome, error, audio, credit, pong, stats, bye };

    Kind kind = Kind::ignored;
    Welcome welcome;
    ErrorMessage error;
    AudioMessage audio;
    CreditMessage credit;
    Pong pong;
    StatsMessage stats;
    std::string bye_reason;
};

/// Reads a message of the server; what only a client may send is ignored.
STEREOSYNCCORE_API Problem read_message(const Parts& parts, ServerMessage& message);

/// Takes the credit of a chunk before its samples were looked at: a chunk that cannot be played still brings it.
STEREOSYNCCORE_API Problem read_samples(const Bytes& pcm, AudioMessage& audio);

STEREOSYNCCORE_API Bytes write_hello(const Hello& hello);
STEREOSYNCCORE_API Bytes write_ping(const Ping& ping);
STEREOSYNCCORE_API Bytes write_reset(const std::string& reason);
STEREOSYNCCORE_API Bytes write_bye(const std::string& reason);
void write_playback(MsgpackWriter& writer, const Playback& playback);

/// Whether a reason may be sent: printable, 256 characters at most.
STEREOSYNCCORE_API Problem check_reason(const std::string& reason);

}  // namespace stereosync
