// What the server says, with every rule of bridge/PROTOCOL.md; codes and fields are those of the Python client.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "Fields.h"
#include "StereoSync/Messages.h"
#include "Version.h"

namespace stereosync {

namespace {

constexpr size_t max_header_bytes = 128 * 1024;
constexpr size_t sample_bytes = 8;
using Kind = ServerMessage::Kind;

struct Type {
    const char* name;
    Kind kind;
    size_t parts;
};

constexpr Type types[] = {
    {"HELLO", Kind::ignored, 1}, {"WELCOME", Kind::welcome, 1}, {"ERROR", Kind::error, 1}, {"FRAME", Kind::ignored, 3},
    {"AUDIO", Kind::audio, 2},   {"CREDIT", Kind::credit, 1},   {"PING", Kind::ignored, 1}, {"PONG", Kind::pong, 1},
    {"STATS", Kind::stats, 1},   {"RESET", Kind::ignored, 1},   {"BYE", Kind::bye, 1},
};

const Type* type_of(const Value& header) {
    const Value* name = header.find("type");
    for (const Type& type : types) {
        if (name != nullptr && name->type == Value::Type::text && name->bytes == type.name) {
            return &type;
        }
    }
    return nullptr;
}

bool version_in(const Value& header, const char* name, int& major, int& minor) {
    const Value* value = header.find(name);
    return value != nullptr && value->type == Value::Type::text && parse_version(value->bytes, major, minor);
}

Problem check_version(const Value& header) {
    int major = 0, minor = 0, least_major = 0, least_minor = 0, our_major = 0, our_minor = 0;
    parse_version(wire_version, our_major, our_minor);
    if (!version_in(header, "wire", major, minor) || !version_in(header, "min_wire", least_major, least_minor)) {
        return WireError{errors::wrong_version, "wire", "wire and min_wire must be text like 1.0"};
    }
    const bool wants_newer = least_major > our_major || (least_major == our_major && least_minor > our_minor);
    if (major == our_major && !wants_newer) {
        return std::nullopt;
    }
    const std::string theirs = std::to_string(major) + "." + std::to_string(minor);
    const std::string least = std::to_string(least_major) + "." + std::to_string(least_minor);
    return WireError{errors::wrong_version, "wire",
                     "the other side speaks wire " + theirs + " (from " + least + "), this side " + wire_version +
                         ": update the older side so that the major versions agree"};
}

Echo read_echo(Fields& fields) {
    Echo echo;
    echo.sent_s = fields.number("sent_client_s", time_limits);
    echo.received_server_s = fields.number("received_server_s", time_limits);
    echo.answered_server_s = fields.number("sent_server_s", time_limits);
    return echo;
}

void read_welcome(Fields& fields, Welcome& welcome) {
    welcome.session = fields.session("session");
    welcome.wire = fields.version("wire");
    welcome.min_wire = fields.version("min_wire");
    welcome.package = fields.text("package", 64);
    welcome.capabilities = fields.flags("capabilities", 64);
    welcome.sample_rate_hz = fields.integer("sample_rate_hz", {8000, 192000});
    welcome.chunk_samples = fields.integer("chunk_samples", {1, 48000});
    welcome.target_buffer_ms = fields.number("target_buffer_ms", {0, 10000});
    welcome.epoch = fields.integer("epoch");
    welcome.heartbeat_s = fields.number("heartbeat_s", {0.05, 60});
    welcome.frames_port = fields.integer("frames_port", {1, 65535});
    welcome.credit = fields.integer("credit");
    welcome.bundle = fields.text("bundle", 128);
    welcome.picture_width_px = fields.integer("picture_width_px", {0, 4096});
    welcome.picture_height_px = fields.integer("picture_height_px", {0, 4096});
    welcome.echo = read_echo(fields);
}

void read_error(Fields& fields, ErrorMessage& error) {
    error.code = fields.text("code", 32);
    error.field = fields.text("field", 128);
    error.rule = fields.text("rule", 512);
    error.fatal = fields.flag("fatal");
    fields.version_or("wire", wire_version);
    fields.version_or("min_wire", min_wire_version);
    fields.text_or("package", 64, "");
}

void read_audio(Fields& fields, const Bytes& pcm, AudioMessage& audio) {
    audio.epoch = fields.integer("epoch");
    audio.start_sample = fields.integer("start_sample");
    audio.n_samples = fields.integer("n_samples", {0, 48000});
    audio.credit = fields.integer("credit");
    audio.capture_client_s = fields.maybe_time("capture_client_s");
    audio.age_s = fields.number_or("age_s", time_limits, 0);
    audio.steps = fields.integer_or("steps", {0, 1000}, 0);
    audio.compute_ms = fields.number_or("compute_ms", {0, INFINITY}, 0);
    if (!fields.problem && pcm.size() != sample_bytes * static_cast<size_t>(audio.n_samples)) {
        fields.problem = WireError{errors::bad_length, "pcm",
                                   "must hold " + std::to_string(audio.n_samples) + " samples of 8 bytes, got " +
                                       std::to_string(pcm.size()) + " bytes"};
    }
}

void read_fields(Fields& fields, const Parts& parts, ServerMessage& message) {
    switch (message.kind) {
        case Kind::welcome: read_welcome(fields, message.welcome); break;
        case Kind::error: read_error(fields, message.error); break;
        case Kind::audio: read_audio(fields, parts[1], message.audio); break;
        case Kind::credit: message.credit.credit = fields.integer("credit"); break;
        case Kind::pong:
            message.pong.echo = read_echo(fields);
            message.pong.credit = fields.integer("credit");
            break;
        case Kind::stats: message.stats.values = fields.numbers("values", 256); break;
        case Kind::bye: message.bye_reason = fields.text_or("reason", 256, ""); break;
        case Kind::ignored: break;
    }
}

}  // namespace

Problem read_message(const Parts& parts, ServerMessage& message) {
    message = ServerMessage();
    Value header;
    if (parts.empty() || parts[0].size() > max_header_bytes) {
        return WireError{errors::bad_header, "header", "must be there and at most 131072 bytes long"};
    }
    if (!read_msgpack(parts[0].data(), parts[0].size(), header) || header.type != Value::Type::map) {
        return WireError{errors::bad_header, "header", "must be a msgpack map"};
    }
    const Type* type = type_of(header);
    if (type == nullptr) {
        return WireError{errors::unknown_type, "type", std::string("is no message of wire ") + wire_version};
    }
    if (parts.size() != type->parts) {
        return WireError{errors::bad_header, "parts",
                         std::string(type->name) + " takes " + std::to_string(type->parts) + " parts, got " +
                             std::to_string(parts.size())};
    }
    message.kind = type->kind;
    if (type->kind == Kind::welcome) {
        if (Problem problem = check_version(header)) {
            return problem;
        }
    }
    Fields fields(header);
    read_fields(fields, parts, message);
    return fields.problem;
}

Problem read_samples(const Bytes& pcm, AudioMessage& audio) {
    const auto count = static_cast<size_t>(2 * audio.n_samples);
    audio.samples.resize(count);
    for (size_t i = 0; i < count; ++i) {
        const uint8_t* at = pcm.data() + 4 * i;
        const uint32_t bits = uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
        std::memcpy(&audio.samples[i], &bits, sizeof bits);
        if (!std::isfinite(audio.samples[i])) {
            return WireError{errors::bad_value, "pcm", "samples must be finite"};
        }
        audio.samples[i] = std::max(-1.0f, std::min(1.0f, audio.samples[i]));  // a broken server must not hurt ears
    }
    return std::nullopt;
}

}  // namespace stereosync
