#include "MapWriter.h"
#include "StereoSync/Messages.h"
#include "Utf8.h"

namespace stereosync {

namespace {

void begin(MsgpackWriter& writer, const char* type, size_t fields) {
    writer.map(1 + fields);
    writer.text("type");
    writer.text(type);
}

Bytes only_reason(const char* type, const std::string& reason) {
    MsgpackWriter writer;
    begin(writer, type, 1);
    writer.text("reason");
    writer.text(reason);
    return writer.bytes;
}

}  // namespace

Bytes write_hello(const Hello& hello) {
    MsgpackWriter writer;
    begin(writer, "HELLO", 8);
    const std::pair<const char*, const std::string*> texts[] = {
        {"session", &hello.session}, {"wire", &hello.wire},     {"min_wire", &hello.min_wire},
        {"package", &hello.package}, {"client", &hello.client}, {"engine", &hello.engine},
    };
    for (const auto& [name, value] : texts) {
        writer.text(name);
        writer.text(*value);
    }
    writer.text("capabilities");
    writer.map(hello.capabilities.size());
    for (const auto& [name, value] : hello.capabilities) {
        writer.text(name);
        writer.flag(value);
    }
    writer.text("sent_client_s");
    writer.number(hello.sent_client_s);
    return writer.bytes;
}

void write_playback(MsgpackWriter& writer, const Playback& playback) {
    const bool has_device = playback.device_ms != 0;
    writer.text("playback");
    MapWriter map(writer, has_device ? 5 : 4);
    map.integer("played_samples", playback.played_samples);
    map.number("buffered_ms", playback.buffered_ms);
    map.integer("underruns", playback.underruns);
    map.integer("epoch", playback.epoch);
    if (has_device) {
        map.number("device_ms", playback.device_ms);
    }
}

Bytes write_ping(const Ping& ping) {
    MsgpackWriter writer;
    begin(writer, "PING", 3);
    writer.text("sent_client_s");
    writer.number(ping.sent_client_s);
    writer.text("frames_sent");
    writer.integer(ping.frames_sent);
    write_playback(writer, ping.playback);
    return writer.bytes;
}

Bytes write_reset(const std::string& reason) { return only_reason("RESET", reason); }

Bytes write_bye(const std::string& reason) { return only_reason("BYE", reason); }

Problem check_reason(const std::string& reason) {
    if (is_printable(reason, 256)) {
        return std::nullopt;
    }
    return WireError{errors::bad_value, "reason", "must be printable text of at most 256 characters"};
}

}  // namespace stereosync
