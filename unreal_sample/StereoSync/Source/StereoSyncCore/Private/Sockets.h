// The system's sockets, non-blocking: Winsock on Windows, POSIX elsewhere. Platform headers stay in Sockets.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace stereosync {

/// A TCP connection, or an attempt at one. Moves, does not copy.
class TcpLink {
public:
    TcpLink() = default;
    ~TcpLink() { close(); }
    TcpLink(const TcpLink&) = delete;
    TcpLink& operator=(const TcpLink&) = delete;

    /// Begins to connect; a name is looked up first, which may take a while. Attempts take a name's addresses in turn.
    void connect(const std::string& host, int port, int attempt);
    /// Whether the connection has come up; to be asked until it has, or `trouble` says why not.
    bool connected();
    /// Why the connection failed or broke; empty while it has not.
    const std::string& trouble() const { return trouble_; }
    /// Sends what can be sent at once; says how many bytes.
    size_t send(const uint8_t* data, size_t size);
    /// Receives what is there; says how many bytes.
    size_t receive(uint8_t* data, size_t size);
    /// Says that no more bytes will be sent, so that those on their way arrive.
    void finish();
    void close();
    bool is_open() const { return open_; }
    intptr_t handle() const { return handle_; }

private:
    intptr_t handle_ = -1;
    bool open_ = false;
    bool connected_ = false;
    std::string trouble_;
};

/// A socket connected to itself, by which any thread wakes the one that waits.
class WakeSocket {
public:
    WakeSocket();
    ~WakeSocket();
    WakeSocket(const WakeSocket&) = delete;
    WakeSocket& operator=(const WakeSocket&) = delete;

    void wake();
    void clear();
    intptr_t handle() const { return handle_; }

private:
    intptr_t handle_ = -1;
};

struct Waiting {
    intptr_t handle;
    bool writable;  // wait until it can be written, too
};

/// Returns when one of the sockets is ready, or after `timeout_ms`.
void wait_for(const std::vector<Waiting>& sockets, int timeout_ms);

}  // namespace stereosync
