// What the client needs of its sockets. Used by the I/O thread; `wake` by any.
#pragma once

#include <memory>
#include <string>

#include "StereoSync/Messages.h"

namespace stereosync {

/// Two lanes of multipart messages. Nothing blocks but `wait`.
class STEREOSYNCCORE_API Transport {
public:
    virtual ~Transport() = default;

    /// Connects the control lane, in place of any earlier session's sockets; goes on until a first connection is up.
    virtual void open_control(const std::string& address) = 0;
    virtual void open_frames(const std::string& address) = 0;
    /// Hands a message over if that can be done at once.
    virtual bool send_control(const Parts& parts) = 0;
    /// The parts of a frame: its header and two payloads, which are copied or sent before the call returns.
    virtual bool send_frame(const Bytes& header, const Bytes& picture, const Bytes& depth) = 0;
    /// The next message that has come, of either lane.
    virtual bool receive(Parts& parts) = 0;
    /// Returns when something can be done, or after this long, or when woken.
    virtual void wait(double timeout_ms) = 0;
    virtual void wake() = 0;
    /// Whether the control lane's connection, having been up, is gone since the last call.
    virtual bool take_lost() = 0;
    /// Why there is no connection; empty if there is one, or nothing is known.
    virtual std::string trouble() const = 0;
    virtual void close_sockets() = 0;
};

/// Where a server listens: `tcp://host:port`, IPv6 in brackets.
struct STEREOSYNCCORE_API TcpAddress {
    std::string host;
    int port = 0;

    /// False where the text is no such address.
    static bool parse(const std::string& text, TcpAddress& address);
    std::string text() const;
    bool is_loopback() const;
};

/// ZMTP 3.0 over plain TCP, without encryption.
STEREOSYNCCORE_API std::unique_ptr<Transport> make_zmtp_transport();

}  // namespace stereosync
