#include <algorithm>
#include <chrono>
#include <random>

#include "StereoSync/BridgeClient.h"

namespace stereosync {

namespace {

constexpr int misses = 3;  // heartbeats without a word after which the server counts as gone
constexpr size_t quick_pings = 5;  // the clock offset is wanted soon after WELCOME
constexpr double quick_ping_s = 0.1;
constexpr double patience_s = 5;  // from the first frame to the first answer; a busy service takes a second

}  // namespace

double MonotonicClock::now_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void ClockOffset::add(const Echo& echo) {
    echoes_[next_] = echo;
    next_ = (next_ + 1) % keep;
    count_ = std::min(count_ + 1, keep);
    const Echo* best = nullptr;
    for (size_t age = 0; age < count_; ++age) {  // the oldest first, which wins a tie
        const Echo& kept = echoes_[(next_ + keep - count_ + age) % keep];
        if (best == nullptr || kept.round_trip_s() < best->round_trip_s()) {
            best = &kept;
        }
    }
    offset_s_ = best->offset_s();
    round_trip_s_ = best->round_trip_s();
}

void ClientSession::take_echo(Echo echo, int64_t new_credit) {
    take_credit(new_credit);
    echo.back_s = last_heard_s;
    clock.add(echo);
}

void ClientSession::take_credit(int64_t new_credit) { credit = std::max(credit, new_credit); }

void ClientSession::count_sent(double now_s) {
    ++frames_sent;
    first_sent_s = first_sent_s.value_or(now_s);
}

bool ClientSession::frames_are_lost(double now_s) {
    if (answered || !first_sent_s || now_s - *first_sent_s < patience_s) {
        return false;
    }
    answered = true;
    return true;
}

bool ClientSession::is_lost(double now_s) const {
    return welcome.has_value() && now_s - last_heard_s > misses * welcome->heartbeat_s;
}

bool ClientSession::ping_due(double now_s) {
    if (!welcome || now_s < next_ping_s) {
        return false;
    }
    next_ping_s = now_s + (clock.count() < quick_pings ? quick_ping_s : welcome->heartbeat_s);
    return true;
}

std::string random_session_id() {
    std::random_device random;
    std::string id;
    while (id.size() < 32) {
        id.push_back("0123456789abcdef"[random() & 15]);
    }
    return id;
}

std::string ClientOptions::trouble() const {
    const std::string trouble = trouble_of(control_address);
    return trouble.empty() && !frames_address.empty() ? trouble_of(frames_address) : trouble;
}

std::string ClientOptions::trouble_of(const std::string& text) const {
    TcpAddress address;
    if (!TcpAddress::parse(text, address)) {
        return "the address \"" + text + "\" is not like tcp://127.0.0.1:5750";
    }
    if (!address.is_loopback() && !curve && !insecure) {
        return "the address " + text + " reaches beyond this machine: give CURVE keys, or allow it with Insecure";
    }
    return "";
}

}  // namespace stereosync
