#include "StereoSync/BridgeClient.h"

#include "Utf8.h"

namespace stereosync {

namespace {

// The first characters, which are not bytes.
std::string first(size_t most, const std::string& text) {
    size_t at = 0;
    uint32_t code_point = 0;
    for (size_t count = 0; count < most && at < text.size(); ++count) {
        next_code_point(text, at, code_point);
    }
    return text.substr(0, at);
}

constexpr double retry_s = 2;
using Kind = ServerMessage::Kind;

}  // namespace

BridgeClient::BridgeClient(const ClientOptions& options, const Clock& clock, Transport& transport, FrameSlot& slot,
                           FramePool& pool, ClientEvents& events, std::function<std::string()> new_id)
    : options_(options),
      clock_(clock),
      transport_(transport),
      slot_(slot),
      pool_(pool),
      events_(events),
      new_id_(std::move(new_id)) {}

void BridgeClient::begin() {
    retry_at_s_.reset();
    transport_.open_control(options_.control_address);
    session_ = std::make_unique<ClientSession>();
    session_->id = new_id_();
    session_->said_hello_s = clock_.now_s();
    Hello hello;
    hello.session = session_->id;
    hello.package = options_.package;
    hello.client = options_.client;
    hello.engine = options_.engine;
    hello.capabilities = options_.capabilities;
    hello.sent_client_s = session_->said_hello_s;
    transport_.send_control({write_hello(hello)});
}

void BridgeClient::offer(FramePtr frame) {
    slot_.put(std::move(frame));
    flush();
}

Problem BridgeClient::report_playback(const Playback& playback) {
    const Problem problem = playback.problem();
    playback_ = problem ? playback_ : playback;
    return problem;
}

void BridgeClient::poll(double timeout_ms) {
    transport_.wait(timeout_ms);
    const ClientSession* session = session_.get();
    const bool broken = transport_.take_lost();  // first, so that a last word is read before
    Parts parts;
    while (transport_.receive(parts)) {
        on_parts(parts);
    }
    if (broken && connected() && session_.get() == session) {
        lose("the connection to the server broke", 0.0);
    }
    keep_alive();
    flush();
}

void BridgeClient::reset(const std::string& reason) {
    if (connected()) {
        transport_.send_control({write_reset(reason)});
    }
}

void BridgeClient::bye(const std::string& reason) {
    if (connected()) {
        transport_.send_control({write_bye(reason)});
    }
    end();
}

void BridgeClient::flush() {
    if (!session_ || !session_->may_send()) {
        return;
    }
    FramePtr frame = slot_.take();
    if (frame == nullptr) {
        return;
    }
    const FrameStamp stamp{session_->id, session_->frames_sent + 1, session_->clock.offset_s(), playback_};
    write_frame_header(*frame, stamp, header_);
    if (!transport_.send_frame(header_.bytes, frame->picture_bytes, frame->depth_bytes)) {
        slot_.put_back(std::move(frame));
        return;
    }
    session_->count_sent(clock_.now_s());
    ++frames_sent_;
    pool_.give_back(std::move(frame));
}

void BridgeClient::on_parts(const Parts& parts) {
    if (!session_) {
        return;
    }
    ServerMessage message;
    if (const Problem problem = read_message(parts, message)) {
        on_broken_rule(*problem);
        return;
    }
    const bool early = message.kind != Kind::welcome && message.kind != Kind::error && message.kind != Kind::bye;
    if (!session_->welcome && early) {
        return;
    }
    session_->last_heard_s = clock_.now_s();
    on_message(message, parts);
}

void BridgeClient::on_message(ServerMessage& message, const Parts& parts) {
    switch (message.kind) {
        case Kind::welcome: on_welcome(message.welcome); break;
        case Kind::audio: on_audio(message.audio, parts[1]); break;
        case Kind::credit: session_->take_credit(message.credit.credit); break;
        case Kind::pong: session_->take_echo(message.pong.echo, message.pong.credit); break;
        case Kind::stats: events_.on_stats(message.stats); break;
        case Kind::error: on_error(message.error); break;
        case Kind::bye:
            lose("the server ended the session: " + (message.bye_reason.empty() ? "no reason given" : message.bye_reason), 0.0);
            break;
        case Kind::ignored: break;
    }
}

void BridgeClient::on_welcome(const Welcome& welcome) {
    if (welcome.session != session_->id) {
        return;
    }
    session_->welcome = welcome;
    session_->take_echo(welcome.echo, welcome.credit);
    session_->next_ping_s = session_->last_heard_s;
    playback_ = {0, 0, 0, welcome.epoch, playback_.device_ms};  // what was reported last is of another session
    TcpAddress place;
    TcpAddress::parse(options_.control_address, place);
    place.port = static_cast<int>(welcome.frames_port);
    frames_address_ = options_.frames_address.empty() ? place.text() : options_.frames_address;
    transport_.open_frames(frames_address_);
    events_.on_welcomed(welcome);
}

void BridgeClient::on_audio(AudioMessage& audio, const Bytes& pcm) {
    session_->take_credit(audio.credit);
    session_->answered |= audio.capture_client_s.has_value();
    if (const Problem problem = read_samples(pcm, audio)) {
        on_broken_rule(*problem);
    } else if (audio.n_samples > 0) {
        events_.on_audio(audio);
    }
}

void BridgeClient::on_error(const ErrorMessage& error) {
    session_->answered |= !error.fatal;
    events_.on_error(error);
    if (!error.fatal) {
        return;
    }
    const bool gone = error.code == errors::hello_first || error.code == errors::unknown_session;
    const std::optional<double> later = error.code == errors::server_full ? std::optional<double>(retry_s) : std::nullopt;
    lose(error.rule, gone ? std::optional<double>(0.0) : later);
}

// A server of another version will not become readable: no other HELLO.
void BridgeClient::on_broken_rule(const WireError& error) {
    ++invalid_;
    const bool fatal = error.code == errors::wrong_version;
    events_.on_error({error.code, first(128, error.field), first(512, error.rule), fatal});
    if (fatal) {
        lose(error.rule, std::nullopt);
    }
}

void BridgeClient::keep_alive() {
    const double now_s = clock_.now_s();
    if (session_ && session_->is_lost(now_s)) {
        lose("nothing heard from the server for three heartbeats", 0.0);
    } else if (session_ && !session_->welcome && now_s >= session_->said_hello_s + retry_s) {
        events_.on_unanswered(no_answer());
        begin();
    } else if (session_ && session_->ping_due(now_s)) {
        transport_.send_control({write_ping({now_s, session_->frames_sent, playback_})});
    }
    if (session_ && session_->frames_are_lost(now_s)) {
        events_.on_error({errors::frames_lost, "frames", no_frame_used(), false});
    }
    if (retry_at_s_ && now_s >= *retry_at_s_) {
        begin();
    }
}

std::string BridgeClient::no_frame_used() const {
    return std::to_string(session_->frames_sent) + " frames were sent to " + frames_address_ +
           " and none was used: its port is not reachable though the other is (stereosync-serve --frames-bind, a firewall, "
           "a port that is not published), or the frames are above 16 MiB";
}

std::string BridgeClient::no_answer() const {
    std::string causes = transport_.trouble();
    if (causes.empty()) {
        causes = "the server is not running, the address is another, a firewall is in the way, or ";
        causes += options_.curve ? "this client's key is not in the server's allow-list, or the server's public key is another one"
                                 : "the server demands CURVE keys and this client has none";
    }
    return "no answer from " + options_.control_address + " in 2 s: " + causes;
}

// Drops the session; tries for another after a while, or never if none is given.
void BridgeClient::lose(const std::string& reason, std::optional<double> retry_in_s) {
    const bool was_connected = connected();
    end();
    if (retry_in_s && options_.reconnect) {
        retry_at_s_ = clock_.now_s() + *retry_in_s;
    }
    if (was_connected) {
        events_.on_disconnected(reason);
    }
}

void BridgeClient::end() {
    session_.reset();
    retry_at_s_.reset();
    transport_.close_sockets();
}

}  // namespace stereosync
