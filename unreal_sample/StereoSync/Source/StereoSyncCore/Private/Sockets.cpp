#include "Sockets.h"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#endif

#include <cstring>

namespace stereosync {

namespace {

#if defined(_WIN32)
using Handle = SOCKET;
using Length = int;
constexpr int no_signal = 0;

struct Winsock {
    Winsock() {
        WSADATA data;
        WSAStartup(MAKEWORD(2, 2), &data);
    }
    ~Winsock() { WSACleanup(); }
};

void start_sockets() { static Winsock winsock; }
int last_error() { return WSAGetLastError(); }
bool would_block(int error) { return error == WSAEWOULDBLOCK || error == WSAEINPROGRESS; }
bool refused(int error) { return error == WSAECONNREFUSED; }
void close_handle(Handle handle) { closesocket(handle); }
void set_non_blocking(Handle handle) {
    u_long on = 1;
    ioctlsocket(handle, FIONBIO, &on);
}
int poll_sockets(pollfd* sockets, size_t count, int timeout_ms) {
    return WSAPoll(sockets, static_cast<ULONG>(count), timeout_ms);
}
constexpr int finish_sending = SD_SEND;
#else
using Handle = int;
using Length = size_t;
#if defined(MSG_NOSIGNAL)
constexpr int no_signal = MSG_NOSIGNAL;
#else
constexpr int no_signal = 0;
#endif

void start_sockets() {}
int last_error() { return errno; }
bool would_block(int error) { return error == EWOULDBLOCK || error == EAGAIN || error == EINPROGRESS || error == EINTR; }
bool refused(int error) { return error == ECONNREFUSED; }
void close_handle(Handle handle) { ::close(handle); }
void set_non_blocking(Handle handle) { fcntl(handle, F_SETFL, fcntl(handle, F_GETFL, 0) | O_NONBLOCK); }
int poll_sockets(pollfd* sockets, size_t count, int timeout_ms) { return ::poll(sockets, count, timeout_ms); }
constexpr int finish_sending = SHUT_WR;
#endif

Handle native(intptr_t handle) { return static_cast<Handle>(handle); }

std::string sentence(int error) {
    return refused(error) ? "nothing listens there: start the service, or correct the address"
                          : "the connection failed (error " + std::to_string(error) + ")";
}

void prepare(Handle handle) {
    set_non_blocking(handle);
    const int on = 1;
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof on);
#if defined(SO_NOSIGPIPE)
    setsockopt(handle, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

addrinfo* look_up(const std::string& host, int port) {
    addrinfo wanted;
    std::memset(&wanted, 0, sizeof wanted);
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    return getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) == 0 ? found : nullptr;
}

// IPv4 first: services listen there.
const addrinfo* choose(const addrinfo* found, int attempt) {
    std::vector<const addrinfo*> ordered;
    for (const int family : {AF_INET, AF_INET6}) {
        for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
            if (one->ai_family == family) {
                ordered.push_back(one);
            }
        }
    }
    return ordered.empty() ? nullptr : ordered[static_cast<size_t>(attempt) % ordered.size()];
}

}  // namespace

void TcpLink::connect(const std::string& host, int port, int attempt) {
    start_sockets();
    close();
    trouble_.clear();
    addrinfo* found = look_up(host, port);
    const addrinfo* chosen = choose(found, attempt);
    if (chosen == nullptr) {
        trouble_ = "no machine is known by the name " + host;
    } else {
        const Handle handle = ::socket(chosen->ai_family, SOCK_STREAM, IPPROTO_TCP);
        handle_ = static_cast<intptr_t>(handle);
        open_ = handle_ != -1;
        if (!open_) {
            trouble_ = sentence(last_error());
        } else {
            prepare(handle);
            if (::connect(handle, chosen->ai_addr, static_cast<socklen_t>(chosen->ai_addrlen)) != 0 && !would_block(last_error())) {
                trouble_ = sentence(last_error());
            }
        }
    }
    if (found != nullptr) {
        freeaddrinfo(found);
    }
}

bool TcpLink::connected() {
    if (connected_ || !open_ || !trouble_.empty()) {
        return connected_;
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(native(handle_), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size);
    pollfd socket{};
    socket.fd = native(handle_);
    socket.events = POLLOUT;
    if (error == 0 && poll_sockets(&socket, 1, 0) <= 0) {  // WSAPoll of older Windows does not tell of a refused connection: the error does
        return false;
    }
    if (error != 0 || (socket.revents & (POLLERR | POLLHUP)) != 0) {
        trouble_ = error != 0 ? sentence(error) : "the connection failed";
    }
    connected_ = trouble_.empty();
    return connected_;
}

size_t TcpLink::send(const uint8_t* data, size_t size) {
    const auto sent = ::send(native(handle_), reinterpret_cast<const char*>(data), static_cast<Length>(size), no_signal);
    return sent > 0 ? static_cast<size_t>(sent) : 0;  // a break is told by `receive`, after the last bytes that came
}

size_t TcpLink::receive(uint8_t* data, size_t size) {
    const auto received = ::recv(native(handle_), reinterpret_cast<char*>(data), static_cast<Length>(size), 0);
    if (received > 0) {
        return static_cast<size_t>(received);
    }
    if (received == 0) {
        trouble_ = "the server closed the connection";
    } else if (!would_block(last_error())) {
        trouble_ = "the connection broke (error " + std::to_string(last_error()) + ")";
    }
    return 0;
}

void TcpLink::finish() { ::shutdown(native(handle_), finish_sending); }

void TcpLink::close() {
    if (open_) {
        close_handle(native(handle_));
    }
    open_ = connected_ = false;
    handle_ = -1;
}

WakeSocket::WakeSocket() {
    start_sockets();
    const Handle handle = ::socket(AF_INET, SOCK_DGRAM, 0);
    handle_ = static_cast<intptr_t>(handle);
    if (handle_ == -1) {
        return;
    }
    sockaddr_in address;
    std::memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(handle, raw, size) == 0 && ::getsockname(handle, raw, &size) == 0) {
        ::connect(handle, raw, size);
    }
    set_non_blocking(handle);
}

WakeSocket::~WakeSocket() {
    if (handle_ != -1) {
        close_handle(native(handle_));
    }
}

void WakeSocket::wake() {
    const char byte = 0;
    static_cast<void>(::send(native(handle_), &byte, 1, no_signal));
}

void WakeSocket::clear() {
    char bytes[64];
    while (::recv(native(handle_), bytes, sizeof bytes, 0) > 0) {
    }
}

void wait_for(const std::vector<Waiting>& sockets, int timeout_ms) {
    std::vector<pollfd> polled(sockets.size());
    for (size_t i = 0; i < sockets.size(); ++i) {
        polled[i].fd = native(sockets[i].handle);
        polled[i].events = static_cast<short>(POLLIN | (sockets[i].writable ? POLLOUT : 0));
    }
    poll_sockets(polled.data(), polled.size(), timeout_ms);
}

}  // namespace stereosync
