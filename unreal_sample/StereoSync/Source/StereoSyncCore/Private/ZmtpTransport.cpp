// The transport that needs nothing but sockets.
#include <algorithm>
#include <cmath>
#include <memory>

#include "StereoSync/Transport.h"
#include "ZmtpLane.h"

namespace stereosync {

namespace {

constexpr size_t control_waiting = 64;   // messages
constexpr double longest_wait_ms = 50;  // retries and heartbeats are looked after this often

class ZmtpTransport final : public Transport {
public:
    void open_control(const std::string& address) override {
        close_sockets();
        control_ = open(address, control_waiting, false);
    }

    void open_frames(const std::string& address) override { frames_ = open(address, 1, true); }

    bool send_control(const Parts& parts) override {
        std::vector<const Bytes*> pointers;
        for (const Bytes& part : parts) {
            pointers.push_back(&part);
        }
        return control_ != nullptr && control_->send(pointers);
    }

    bool send_frame(const Bytes& header, const Bytes& picture, const Bytes& depth) override {
        return frames_ != nullptr && frames_->send({&header, &picture, &depth});
    }

    bool receive(Parts& parts) override {
        if ((control_ != nullptr && control_->receive(parts)) || (frames_ != nullptr && frames_->receive(parts))) {
            return true;
        }
        for (ZmtpLane* lane : {control_.get(), frames_.get()}) {
            if (lane != nullptr) {
                lane->check_silence();
            }
        }
        return false;
    }

    void wait(double timeout_ms) override {
        std::vector<Waiting> sockets{{wake_.handle(), false}};
        for (ZmtpLane* lane : {control_.get(), frames_.get()}) {
            if (lane != nullptr) {
                lane->advance();
                if (lane->is_open()) {
                    sockets.push_back(lane->waiting());
                }
            }
        }
        wait_for(sockets, static_cast<int>(std::ceil(std::clamp(timeout_ms, 0.0, longest_wait_ms))));
        wake_.clear();
    }

    void wake() override { wake_.wake(); }

    bool take_lost() override { return control_ != nullptr && control_->take_lost(); }

    std::string trouble() const override { return control_ == nullptr ? "" : control_->trouble(); }

    void close_sockets() override {
        control_.reset();
        frames_.reset();
    }

private:
    static std::unique_ptr<ZmtpLane> open(const std::string& address, size_t most_messages, bool reconnects) {
        TcpAddress place;
        if (!TcpAddress::parse(address, place)) {
            return nullptr;  // the options were checked before
        }
        return std::make_unique<ZmtpLane>(place, most_messages, reconnects);
    }

    WakeSocket wake_;
    std::unique_ptr<ZmtpLane> control_, frames_;
};

}  // namespace

std::unique_ptr<Transport> make_zmtp_transport() { return std::make_unique<ZmtpTransport>(); }

bool TcpAddress::parse(const std::string& text, TcpAddress& address) {
    const std::string scheme = "tcp://";
    const size_t colon = text.rfind(':');
    if (text.compare(0, scheme.size(), scheme) != 0 || colon == std::string::npos || colon <= scheme.size()) {
        return false;
    }
    address.host = text.substr(scheme.size(), colon - scheme.size());
    const bool bracketed = address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']';
    if (bracketed) {
        address.host = address.host.substr(1, address.host.size() - 2);
    } else if (address.host.find(':') != std::string::npos) {
        return false;
    }
    const std::string digits = text.substr(colon + 1);
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos) {
        return false;
    }
    address.port = 0;
    for (char digit : digits) {
        address.port = 10 * address.port + (digit - '0');
    }
    return address.port >= 1 && address.port <= 65535 && address.host.find_first_of("/ []") == std::string::npos;
}

std::string TcpAddress::text() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return "tcp://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool TcpAddress::is_loopback() const {
    const bool is_number = host.find_first_not_of("0123456789.") == std::string::npos;  // 127.example.org is anywhere
    return host == "localhost" || host == "::1" || (is_number && host.compare(0, 4, "127.") == 0);
}

}  // namespace stereosync
