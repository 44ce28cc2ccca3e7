#include "ZmtpLane.h"

#include <algorithm>

#include "StereoSync/Clock.h"

namespace stereosync {

namespace {

constexpr double heartbeat_s = 1, silence_s = 3, retry_s = 0.1, linger_s = 0.1;
constexpr size_t pull_bytes = 64 * 1024;
using Item = zmtp::Inbox::Item;

double now_s() { return MonotonicClock().now_s(); }

}  // namespace

ZmtpLane::ZmtpLane(const TcpAddress& address, size_t most_messages, bool reconnects)
    : address_(address), most_messages_(most_messages), reconnects_(reconnects) {
    connect();
}

ZmtpLane::~ZmtpLane() {
    if (state_ == State::ready) {
        linger();
    }
}

void ZmtpLane::connect() {
    state_ = State::connecting;
    inbox_.clear();
    handshake_.clear();
    handshake_sent_ = 0;
    link_.connect(address_.host, address_.port, attempt_++);
    if (!link_.trouble().empty()) {
        break_off(link_.trouble());
    }
}

Waiting ZmtpLane::waiting() const {
    const bool writes = state_ == State::connecting || handshake_.size() > handshake_sent_ || (state_ == State::ready && unsent() > 0);
    return {link_.handle(), writes};
}

bool ZmtpLane::take_lost() {
    const bool lost = lost_;
    lost_ = false;
    return lost;
}

bool ZmtpLane::send(const std::vector<const Bytes*>& parts) {
    if (state_ == State::broken || ends_.size() >= most_messages_) {
        return false;
    }
    for (size_t i = 0; i < parts.size(); ++i) {
        zmtp::add_head(out_, i + 1 < parts.size() ? zmtp::more : 0, parts[i]->size());
        out_.insert(out_.end(), parts[i]->begin(), parts[i]->end());
    }
    ends_.push_back(out_.size());
    flush();
    return true;
}

bool ZmtpLane::receive(Parts& parts) {
    advance();
    Bytes body;
    while (state_ == State::ready) {
        const Item item = inbox_.next(parts, body);
        if (item == Item::message) {
            return true;
        }
        if (item == Item::command) {
            on_command(body);
        } else if (item == Item::broken) {
            break_off(inbox_.trouble());
        } else if (!pull()) {
            return false;
        }
    }
    return false;
}

void ZmtpLane::advance() {
    if (state_ == State::waiting && now_s() >= retry_at_s_) {
        connect();
    }
    if (state_ == State::connecting) {
        if (link_.connected()) {
            const Bytes greeting = zmtp::greeting();
            handshake_.assign(greeting.begin(), greeting.begin() + zmtp::signature_bytes);
            state_ = State::greeting;
            trouble_ = peer_spoke_ ? trouble_ : "what listens there does not answer: it is no StereoSync service, or it hangs";
        } else if (!link_.trouble().empty()) {
            peer_spoke_ = false;
            break_off(link_.trouble());
        }
    }
    while ((state_ == State::greeting || state_ == State::shaking) && (shake_hands() || pull())) {
    }
    if (state_ == State::ready && now_s() >= ping_at_s_) {
        const Bytes ping = zmtp::ping(silence_s);
        out_.insert(out_.end(), ping.begin(), ping.end());
        ping_at_s_ = now_s() + heartbeat_s;
    }
    flush();
}

// True when a step was made and another may be possible with the bytes that are there.
bool ZmtpLane::shake_hands() { return state_ == State::greeting ? take_greeting() : take_ready(); }

bool ZmtpLane::take_greeting() {
    const std::string trouble = zmtp::greeting_trouble(inbox_.data(), inbox_.size());
    if (!trouble.empty()) {
        break_off(trouble);
        return false;
    }
    if (inbox_.size() < zmtp::greeting_bytes) {
        return false;
    }
    inbox_.skip(zmtp::greeting_bytes);
    const Bytes greeting = zmtp::greeting(), ready = zmtp::ready();
    handshake_.insert(handshake_.end(), greeting.begin() + zmtp::signature_bytes, greeting.end());
    handshake_.insert(handshake_.end(), ready.begin(), ready.end());
    state_ = State::shaking;
    return true;
}

bool ZmtpLane::take_ready() {
    Parts parts;
    Bytes body;
    const Item item = inbox_.next(parts, body);
    if (item == Item::nothing) {
        return false;
    }
    const std::string trouble = item == Item::command  ? zmtp::ready_trouble(body)
                                : item == Item::broken ? inbox_.trouble()
                                                       : "what listens there does not shake hands as ZMTP 3.0 does: check the port";
    if (!trouble.empty()) {
        break_off(trouble);
        return false;
    }
    state_ = State::ready;
    trouble_.clear();
    heard_at_s_ = now_s();
    ping_at_s_ = heard_at_s_ + heartbeat_s;
    return false;
}

bool ZmtpLane::pull() {
    if (!link_.is_open()) {
        return false;
    }
    uint8_t bytes[pull_bytes];
    const size_t received = link_.receive(bytes, sizeof bytes);
    inbox_.add(bytes, received);
    if (received > 0) {
        heard_at_s_ = now_s();
        peer_spoke_ = true;
    } else if (!link_.trouble().empty()) {
        break_off(link_.trouble());
    }
    return received > 0;
}

void ZmtpLane::on_command(const Bytes& body) {
    constexpr size_t ping_bytes = 7, most_context = 16;  // name and time to live; what PONG has to repeat
    const bool is_ping = zmtp::is_command(body, "PING") && body.size() >= ping_bytes && body.size() - ping_bytes <= most_context;
    if (is_ping && unsent() < zmtp::max_part_bytes) {  // a peer that asks and never reads must not fill the memory
        const Bytes pong = zmtp::pong(body.data() + ping_bytes, body.size() - ping_bytes);
        out_.insert(out_.end(), pong.begin(), pong.end());
    } else if (zmtp::is_command(body, "ERROR")) {
        break_off(zmtp::ready_trouble(body));
    }
}

void ZmtpLane::flush() {
    if (state_ == State::greeting || state_ == State::shaking || state_ == State::ready) {
        push(handshake_, handshake_sent_);
    }
    if (state_ == State::ready && handshake_.size() == handshake_sent_) {
        push(out_, out_sent_);
        ends_.erase(ends_.begin(), std::upper_bound(ends_.begin(), ends_.end(), out_sent_));
        if (unsent() == 0) {
            out_.clear();
            out_sent_ = 0;
        }
    }
}

void ZmtpLane::push(Bytes& bytes, size_t& sent) {
    if (bytes.size() > sent) {
        sent += link_.send(bytes.data() + sent, bytes.size() - sent);
    }
}

void ZmtpLane::check_silence() {
    if (state_ == State::ready && now_s() - heard_at_s_ > silence_s) {
        break_off("the server fell silent");
    }
}

void ZmtpLane::break_off(const std::string& trouble) {
    const bool was_ready = state_ == State::ready;
    trouble_ = trouble;
    lost_ = lost_ || was_ready;
    link_.close();
    if (was_ready) {
        out_.clear();
        ends_.clear();
        out_sent_ = 0;
    }
    state_ = was_ready && !reconnects_ ? State::broken : State::waiting;
    retry_at_s_ = now_s() + retry_s;
}

void ZmtpLane::linger() {
    const double end_s = now_s() + linger_s;
    flush();
    while (unsent() > 0 && link_.trouble().empty() && now_s() < end_s) {
        wait_for({{link_.handle(), true}}, 10);
        flush();
    }
    link_.finish();
    uint8_t bytes[pull_bytes];
    while (link_.trouble().empty() && now_s() < end_s) {  // closing with bytes unread would cut off what was sent
        wait_for({{link_.handle(), false}}, 10);
        link_.receive(bytes, sizeof bytes);
    }
}

}  // namespace stereosync
