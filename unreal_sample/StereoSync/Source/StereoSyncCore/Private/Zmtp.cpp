#include "Zmtp.h"

#include <algorithm>
#include <cstring>

namespace stereosync::zmtp {

namespace {

constexpr size_t mechanism_at = 12, mechanism_bytes = 20;
constexpr size_t most_parts = 8;
constexpr size_t max_message_bytes = 4 * max_part_bytes;

Bytes command_frame(const std::string& body) {
    Bytes frame{command, static_cast<uint8_t>(body.size())};
    frame.insert(frame.end(), body.begin(), body.end());
    return frame;
}

std::string mechanism_trouble(const std::string& mechanism) {
    if (mechanism == "NULL") {
        return "";
    }
    if (mechanism == "CURVE") {
        return "the server demands CURVE keys and this client has none: build with STEREOSYNC_LIBZMQ and give it keys";
    }
    return "the server demands the mechanism " + mechanism + ", which this client does not have";
}

}  // namespace

Bytes greeting() {
    Bytes bytes(greeting_bytes, 0);
    bytes[0] = 0xff;
    bytes[9] = 0x7f;
    bytes[10] = 3;
    std::memcpy(bytes.data() + mechanism_at, "NULL", 4);
    return bytes;
}

Bytes ready() {
    const char body[] = "\5READY\xbSocket-Type\0\0\0\6DEALER\x8Identity\0\0\0\0";
    return command_frame(std::string(body, sizeof body - 1));
}

Bytes ping(double silence_s) {
    const auto tenths = static_cast<unsigned>(10 * silence_s);
    std::string body("\4PING");
    body.push_back(static_cast<char>(tenths >> 8 & 0xff));
    body.push_back(static_cast<char>(tenths & 0xff));
    return command_frame(body);
}

Bytes pong(const uint8_t* context, size_t size) {
    return command_frame("\4PONG" + std::string(reinterpret_cast<const char*>(context), size));
}

std::string greeting_trouble(const uint8_t* data, size_t size) {
    if ((size > 0 && data[0] != 0xff) || (size > 9 && (data[9] & 1) == 0)) {
        return "what listens there is no StereoSync service (it does not speak ZMTP): check the port";
    }
    if (size > 10 && data[10] < 3) {
        return "what listens there speaks an older ZMTP than 3.0: check the port";
    }
    if (size < greeting_bytes) {
        return "";
    }
    const auto* name = reinterpret_cast<const char*>(data + mechanism_at);
    return mechanism_trouble(std::string(name, std::find(name, name + mechanism_bytes, '\0')));
}

std::string ready_trouble(const Bytes& body) {
    const std::string text(body.begin(), body.end());
    if (is_command(body, "READY")) {
        const std::string router("Socket-Type\0\0\0\6ROUTER", 21);
        return text.find(router) != std::string::npos ? "" : "what listens there is no StereoSync service: check the port";
    }
    if (is_command(body, "ERROR")) {
        return "the server refused the connection: " + text.substr(std::min<size_t>(7, text.size()));
    }
    return "what listens there does not shake hands as ZMTP 3.0 does: check the port";
}

bool is_command(const Bytes& body, const char* name) {
    const size_t size = std::strlen(name);
    return body.size() > size && body[0] == size && std::memcmp(body.data() + 1, name, size) == 0;
}

void add_head(Bytes& out, uint8_t flags, size_t size) {
    const bool is_long = size > 255;
    out.push_back(static_cast<uint8_t>(flags | (is_long ? long_frame : 0)));
    for (int shift = is_long ? 56 : 0; shift >= 0; shift -= 8) {
        out.push_back(static_cast<uint8_t>(static_cast<uint64_t>(size) >> shift));
    }
}

void Inbox::clear() {
    bytes_.clear();
    at_ = message_bytes_ = 0;
    parts_.clear();
    trouble_.clear();
}

void Inbox::compact() {
    if (at_ > 0) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
        at_ = 0;
    }
}

Inbox::Item Inbox::next(Parts& parts, Bytes& body) {
    uint8_t flags = 0;
    const uint8_t* start = nullptr;
    size_t count = 0;
    while (next_frame(flags, start, count)) {
        Bytes frame(start, start + count);
        if ((flags & command) != 0) {
            body = std::move(frame);
            return Item::command;
        }
        message_bytes_ += count;
        parts_.push_back(std::move(frame));
        if (parts_.size() > most_parts || message_bytes_ > max_message_bytes) {
            trouble_ = "the server sends a message of too many parts";
            return Item::broken;
        }
        if ((flags & more) == 0) {
            parts = std::move(parts_);
            parts_.clear();
            message_bytes_ = 0;
            return Item::message;
        }
    }
    compact();
    return trouble_.empty() ? Item::nothing : Item::broken;
}

bool Inbox::next_frame(uint8_t& flags, const uint8_t*& start, size_t& count) {
    if (size() < 2) {
        return false;
    }
    flags = data()[0];
    const size_t head = (flags & long_frame) != 0 ? 9 : 2;
    if (flags > 7) {
        trouble_ = "the server sends what is not ZMTP";
        return false;
    }
    if (size() < head) {
        return false;
    }
    uint64_t length = 0;
    for (size_t i = 1; i < head; ++i) {
        length = length << 8 | data()[i];
    }
    if (length > max_part_bytes) {
        trouble_ = "the server sends a part of more than 16777216 bytes";
        return false;
    }
    if (size() - head < length) {
        return false;
    }
    start = data() + head;
    count = static_cast<size_t>(length);
    at_ += head + count;
    return true;
}

}  // namespace stereosync::zmtp
