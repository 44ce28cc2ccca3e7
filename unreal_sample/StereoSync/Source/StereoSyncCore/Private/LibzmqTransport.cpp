// The transport over libzmq's C API, for CURVE. libzmq reconnects by itself; its monitor tells of a connection that broke.
#if defined(STEREOSYNC_LIBZMQ)

#include "StereoSync/LibzmqTransport.h"

#include <zmq.h>

#include <cmath>
#include <cstring>
#include <mutex>

#include "Sockets.h"

namespace stereosync {

namespace {

constexpr int linger_ms = 100, waiting_messages = 256;
constexpr int64_t max_part_bytes = 16777216;
constexpr size_t z85_key = 40;
constexpr const char* monitor_place = "inproc://stereosync-control";

class LibzmqTransport final : public Transport {
public:
    explicit LibzmqTransport(const CurveKeys& keys) : keys_(keys), context_(zmq_ctx_new()) {}

    ~LibzmqTransport() override {
        close_sockets();
        zmq_ctx_term(context_);
    }

    void open_control(const std::string& address) override {
        close_sockets();
        control_ = dealer(address);
        zmq_socket_monitor(control_, monitor_place, ZMQ_EVENT_DISCONNECTED);
        monitor_ = zmq_socket(context_, ZMQ_PAIR);
        zmq_connect(monitor_, monitor_place);
        zmq_connect(control_, address.c_str());
    }

    void open_frames(const std::string& address) override {
        close(frames_);
        frames_ = dealer(address);
        zmq_connect(frames_, address.c_str());
    }

    bool send_control(const Parts& parts) override {
        std::vector<const Bytes*> pointers;
        for (const Bytes& part : parts) {
            pointers.push_back(&part);
        }
        return send(control_, pointers);
    }

    bool send_frame(const Bytes& header, const Bytes& picture, const Bytes& depth) override {
        return send(frames_, {&header, &picture, &depth});
    }

    bool receive(Parts& parts) override { return receive_from(control_, parts) || receive_from(frames_, parts); }

    void wait(double timeout_ms) override {
        zmq_pollitem_t items[4];
        int count = 0;
        std::memset(items, 0, sizeof items);
        for (void* socket : {control_, frames_, monitor_}) {
            if (socket != nullptr) {
                items[count].socket = socket;
                items[count++].events = ZMQ_POLLIN;
            }
        }
        items[count].fd = static_cast<decltype(items[count].fd)>(wake_.handle());
        items[count++].events = ZMQ_POLLIN;
        zmq_poll(items, count, static_cast<long>(std::ceil(timeout_ms)));
        wake_.clear();
    }

    void wake() override { wake_.wake(); }

    bool take_lost() override {
        bool lost = false;
        Parts parts;
        while (receive_from(monitor_, parts)) {
            lost = true;
        }
        return lost;
    }

    std::string trouble() const override { return ""; }

    void close_sockets() override {
        if (control_ != nullptr) {
            zmq_socket_monitor(control_, nullptr, 0);
        }
        close(monitor_);
        close(control_);
        close(frames_);
    }

private:
    // Without libzmq's own heartbeats: with a full queue and a reset connection they end the process. The session's pings find the dead.
    void* dealer(const std::string& address) {
        void* socket = zmq_socket(context_, ZMQ_DEALER);
        set(socket, ZMQ_LINGER, linger_ms);
        set(socket, ZMQ_RCVHWM, waiting_messages);
        set(socket, ZMQ_IPV6, address.find('[') != std::string::npos ? 1 : 0);
        zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max_part_bytes, sizeof max_part_bytes);
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, keys_.server_key.c_str(), z85_key + 1);
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys_.public_key.c_str(), z85_key + 1);
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys_.secret_key.c_str(), z85_key + 1);
        return socket;
    }

    static void set(void* socket, int option, int value) { zmq_setsockopt(socket, option, &value, sizeof value); }

    static void close(void*& socket) {
        if (socket != nullptr) {
            zmq_close(socket);
            socket = nullptr;
        }
    }

    // libzmq takes all parts of a message or none.
    static bool send(void* socket, const std::vector<const Bytes*>& parts) {
        for (size_t i = 0; socket != nullptr && i < parts.size(); ++i) {
            const int flags = ZMQ_DONTWAIT | (i + 1 < parts.size() ? ZMQ_SNDMORE : 0);
            if (zmq_send(socket, parts[i]->data(), parts[i]->size(), flags) < 0) {
                return false;
            }
        }
        return socket != nullptr;
    }

    static bool receive_from(void* socket, Parts& parts) {
        parts.clear();
        bool is_more = socket != nullptr;
        while (is_more) {
            zmq_msg_t part;
            zmq_msg_init(&part);
            if (zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) {
                zmq_msg_close(&part);
                return false;
            }
            const auto* data = static_cast<const uint8_t*>(zmq_msg_data(&part));
            parts.emplace_back(data, data + zmq_msg_size(&part));
            is_more = zmq_msg_more(&part) != 0;
            zmq_msg_close(&part);
        }
        return !parts.empty();
    }

    const CurveKeys keys_;
    void* context_;
    void* control_ = nullptr;
    void* frames_ = nullptr;
    void* monitor_ = nullptr;
    WakeSocket wake_;
};

}  // namespace

std::unique_ptr<Transport> make_libzmq_transport(const CurveKeys& keys, std::string& trouble) {
    for (const std::string* key : {&keys.public_key, &keys.secret_key, &keys.server_key}) {
        uint8_t decoded[32];
        if (key->size() != z85_key || zmq_z85_decode(decoded, key->c_str()) == nullptr) {
            trouble = "a CURVE key is not 40 characters of Z85: take those that stereosync-keys wrote";
            return nullptr;
        }
    }
    if (zmq_has("curve") == 0) {
        trouble = "this libzmq was built without CURVE: take one with it";
        return nullptr;
    }
    return std::make_unique<LibzmqTransport>(keys);
}

}  // namespace stereosync

#endif
