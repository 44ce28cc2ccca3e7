#include "Hand.h"

#include "Text.h"

namespace conformance {

using stereosync::Parts;

void HandTransport::arrive(const std::string& lane, const Parts& parts) {
    if (lanes_[lane].open) {
        lanes_[lane].waiting.push_back(parts);
    }
}

void HandTransport::open_control(const std::string& address) {
    close_sockets();
    open("control", address);
}

void HandTransport::open_frames(const std::string& address) { open("frames", address); }

void HandTransport::open(const std::string& lane, const std::string& address) {
    lanes_[lane].open = true;
    lines.push_back("open " + lane + " " + address);
}

bool HandTransport::send(const std::string& lane, const Parts& parts) {
    if (!lanes_[lane].open || lanes_[lane].blocked) {
        return false;
    }
    lines.push_back("send " + lane + " " + to_hex(pack(parts)));
    return true;
}

bool HandTransport::receive(Parts& parts) {
    for (const char* name : {"control", "frames"}) {
        Lane& lane = lanes_[name];
        if (!lane.waiting.empty()) {
            parts = lane.waiting.front();
            lane.waiting.pop_front();
            return true;
        }
    }
    return false;
}

bool HandTransport::take_lost() {
    const bool broken = broken_;
    broken_ = false;
    return broken;
}

void HandTransport::close_sockets() {
    if (lanes_["control"].open || lanes_["frames"].open) {
        lines.push_back("close");
    }
    for (auto& [name, lane] : lanes_) {
        lane.open = false;
        lane.waiting.clear();
    }
    broken_ = false;
}

}  // namespace conformance
