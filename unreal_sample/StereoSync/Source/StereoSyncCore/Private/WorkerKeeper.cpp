#include "WorkerKeeper.h"

namespace stereosync {

namespace {

constexpr size_t most_notices = 64;
constexpr double repeat_s = 10;  // the same complaint is not told more often

// The frame was used all the same, or was not heard of.
bool is_warning(const std::string& code) {
    for (const char* warning : {"clock_looks_wrong", "frames_cost_too_much", "depth_looks_reversed", "depth_looks_empty",
                                "depth_out_of_scale", "angle_looks_like_radians", "boxes_look_like_shares",
                                "boxes_miss_positions", "feet_look_like_centimetres", "feet_look_z_up", "contacts_out_of_time",
                                errors::frames_lost}) {
        if (code == warning) {
            return true;
        }
    }
    return false;
}

}  // namespace

BridgeWorker::Keeper::Keeper(const ClientOptions& options, const Clock& clock, const FrameSlot& slot, const PlaybackRing& ring)
    : address_(options.control_address), clock_(clock), slot_(slot), ring_(ring) {}

void BridgeWorker::Keeper::tell(Notice::Kind kind, const std::string& code, const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (notices_.size() == most_notices) {
        notices_.pop_front();
    }
    notices_.push_back({kind, code, text});
}

void BridgeWorker::Keeper::become(BridgeState state, const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    status_.state = state;
    status_.text = text;
}

void BridgeWorker::Keeper::on_welcomed(const Welcome& welcome) {
    const std::string text = "connected to " + address_ + ", the model is " + welcome.bundle;
    become(BridgeState::connected, text);
    tell(Notice::Kind::connected, "", text);
    const std::lock_guard<std::mutex> lock(mutex_);
    ++status_.sessions;
    status_.bundle = welcome.bundle;
    status_.takes_feet = welcome.can("feet");
    status_.takes_contacts = welcome.can("contacts");
    status_.takes_surface = welcome.can("surface");
    status_.takes_scene = welcome.can("scene");
    status_.sample_rate_hz = welcome.sample_rate_hz;
    status_.picture_width_px = welcome.picture_width_px;
    status_.picture_height_px = welcome.picture_height_px;
    status_.last_error.clear();
    unanswered_.clear();
}

void BridgeWorker::Keeper::on_audio(const AudioMessage& audio) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++status_.chunks;
    status_.chunk_age_ms = 1000 * audio.age_s;
}

void BridgeWorker::Keeper::on_error(const ErrorMessage& error) {
    const std::string text = error.field.empty() ? error.rule : error.field + ": " + error.rule;
    tell(is_warning(error.code) ? Notice::Kind::warning : Notice::Kind::error, error.code, text);
    const std::lock_guard<std::mutex> lock(mutex_);
    status_.last_error = text;
}

void BridgeWorker::Keeper::on_unanswered(const std::string& reason) {
    become(BridgeState::connecting, reason);
    if (reason != unanswered_) {
        unanswered_ = reason;
        tell(Notice::Kind::unanswered, "unanswered", reason);
    }
}

void BridgeWorker::Keeper::on_disconnected(const std::string& reason) {
    become(BridgeState::connecting, reason + "; connecting again");
    tell(Notice::Kind::lost, "", reason);
}

void BridgeWorker::Keeper::refuse(const std::string& reason) {
    become(BridgeState::refused, reason);
    tell(Notice::Kind::error, "refused", reason);
}

void BridgeWorker::Keeper::update(const BridgeClient& client) {
    const std::lock_guard<std::mutex> lock(mutex_);
    status_.round_trip_ms = 1000 * client.round_trip_s();
    status_.clock_offset_s = client.clock_offset_s();
    status_.frames_sent = client.frames_sent();
    status_.invalid = client.invalid();
    if (client.at_rest() && status_.state != BridgeState::refused) {
        status_.state = BridgeState::refused;
        status_.text = status_.last_error.empty() ? status_.text : status_.last_error;
    }
}

void BridgeWorker::Keeper::reject(const WireError& error) {
    const double now_s = clock_.now_s();
    bool is_news = false;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++status_.frames_rejected;
        is_news = error.text() != rejection_ || now_s - rejected_at_s_ >= repeat_s;
        if (is_news) {
            rejection_ = error.text();
            rejected_at_s_ = now_s;
        }
    }
    if (is_news) {
        tell(Notice::Kind::error, error.code, "a frame was not taken: " + error.text());
    }
}

BridgeStatus BridgeWorker::Keeper::status() const {
    const Playback playback = ring_.playback();
    const std::lock_guard<std::mutex> lock(mutex_);
    BridgeStatus status = status_;
    status.buffered_ms = playback.buffered_ms;
    status.priming = ring_.priming();
    status.ring = ring_.counters();
    status.frames_offered = slot_.offered();
    status.frames_replaced = slot_.replaced();
    return status;
}

bool BridgeWorker::Keeper::take_notice(Notice& notice) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (notices_.empty()) {
        return false;
    }
    notice = std::move(notices_.front());
    notices_.pop_front();
    return true;
}

}  // namespace stereosync
