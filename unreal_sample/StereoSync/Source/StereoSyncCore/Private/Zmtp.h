// The words of ZMTP 3.0 (rfc.zeromq.org/spec/23) with the NULL mechanism, and a stream of bytes to messages. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "StereoSync/Messages.h"

namespace stereosync::zmtp {

constexpr size_t greeting_bytes = 64;
constexpr size_t signature_bytes = 11;  // goes first: a peer that wants another mechanism hangs up when it sees ours
constexpr size_t max_part_bytes = 16777216;
constexpr uint8_t more = 1, long_frame = 2, command = 4;

Bytes greeting();
Bytes ready();
/// A PING that lets the peer count us as gone after `silence_s`.
Bytes ping(double silence_s);
Bytes pong(const uint8_t* context, size_t size);

/// What is wrong with the peer's greeting so far; empty if nothing is.
std::string greeting_trouble(const uint8_t* data, size_t size);
/// What is wrong with the peer's first command; empty if nothing is.
std::string ready_trouble(const Bytes& body);
bool is_command(const Bytes& body, const char* name);
/// The head of a frame whose `size` bytes follow.
void add_head(Bytes& out, uint8_t flags, size_t size);

/// Splits bytes into messages and commands. A declared length costs nothing before its bytes have come.
class Inbox {
public:
    enum class Item { nothing, message, command, broken };

    void clear();
    void add(const uint8_t* data, size_t size) { bytes_.insert(bytes_.end(), data, data + size); }
    const uint8_t* data() const { return bytes_.data() + at_; }
    size_t size() const { return bytes_.size() - at_; }
    void skip(size_t count) { at_ += count; }

    /// The next whole message (its parts are moved into `parts`) or command (its body).
    Item next(Parts& parts, Bytes& body);
    const std::string& trouble() const { return trouble_; }

private:
    bool next_frame(uint8_t& flags, const uint8_t*& start, size_t& count);
    void compact();

    Bytes bytes_;
    size_t at_ = 0;
    Parts parts_;  // of the message that is not whole yet
    size_t message_bytes_ = 0;
    std::string trouble_;
};

}  // namespace stereosync::zmtp
