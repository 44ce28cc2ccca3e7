// One DEALER socket of ZMTP 3.0 over TCP. Used by the I/O thread; no call blocks but the destructor, which lets a last
// word leave for at most 100 ms.
#pragma once

#include <cstdint>
#include <string>

#include "Sockets.h"
#include "StereoSync/Transport.h"
#include "Zmtp.h"

namespace stereosync {

/// Connects, and again every 100 ms until a first connection is up; what was sent before waits. Afterwards a broken
/// connection stays broken, or if the lane reconnects, is made anew without what waited.
class ZmtpLane {
public:
    /// `most_messages` may wait to be sent.
    ZmtpLane(const TcpAddress& address, size_t most_messages, bool reconnects);
    ~ZmtpLane();

    /// Takes a message of several parts to be sent; false when too many wait.
    bool send(const std::vector<const Bytes*>& parts);
    bool receive(Parts& parts);
    /// Connects, shakes hands, keeps the heartbeat, sends what waits.
    void advance();
    /// Notices a peer that fell silent. To be called after everything that came was read.
    void check_silence();
    bool take_lost();
    const std::string& trouble() const { return trouble_; }
    bool is_open() const { return link_.is_open(); }
    Waiting waiting() const;

private:
    enum class State { connecting, greeting, shaking, ready, waiting, broken };

    void connect();
    bool shake_hands();
    bool take_greeting();
    bool take_ready();
    bool pull();
    void on_command(const Bytes& body);
    void flush();
    void push(Bytes& bytes, size_t& sent);
    void break_off(const std::string& trouble);
    void linger();
    size_t unsent() const { return out_.size() - out_sent_; }

    TcpAddress address_;
    size_t most_messages_;
    bool reconnects_;
    TcpLink link_;
    zmtp::Inbox inbox_;
    Bytes handshake_, out_;
    size_t handshake_sent_ = 0, out_sent_ = 0;
    std::vector<size_t> ends_;  // where each waiting message ends in `out_`
    State state_ = State::waiting;
    int attempt_ = 0;
    bool lost_ = false;
    bool peer_spoke_ = false;  // in this attempt or the last: what was wrong with its words is still the trouble
    double retry_at_s_ = 0, ping_at_s_ = 0, heard_at_s_ = 0;
    std::string trouble_;
};

}  // namespace stereosync
