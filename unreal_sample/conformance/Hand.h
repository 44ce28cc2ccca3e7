// A clock and a transport that are turned by hand; what the client does with them becomes lines.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "StereoSync/Transport.h"
#include "StereoSync/Clock.h"

namespace conformance {

class HandClock final : public stereosync::Clock {
public:
    double time_s = 0;
    double now_s() const override { return time_s; }
};

class HandTransport final : public stereosync::Transport {
public:
    std::vector<std::string> lines;

    void arrive(const std::string& lane, const stereosync::Parts& parts);
    void break_connection() { broken_ = lanes_["control"].open; }
    void block(const std::string& lane, bool blocked) { lanes_[lane].blocked = blocked; }

    void open_control(const std::string& address) override;
    void open_frames(const std::string& address) override;
    bool send_control(const stereosync::Parts& parts) override { return send("control", parts); }
    bool send_frame(const stereosync::Bytes& header, const stereosync::Bytes& picture, const stereosync::Bytes& depth) override {
        return send("frames", {header, picture, depth});
    }
    bool receive(stereosync::Parts& parts) override;
    void wait(double) override {}
    void wake() override {}
    bool take_lost() override;
    std::string trouble() const override { return ""; }
    void close_sockets() override;

private:
    struct Lane {
        bool open = false, blocked = false;
        std::deque<stereosync::Parts> waiting;
    };

    void open(const std::string& lane, const std::string& address);
    bool send(const std::string& lane, const stereosync::Parts& parts);

    std::map<std::string, Lane> lanes_;
    bool broken_ = false;
};

}  // namespace conformance
