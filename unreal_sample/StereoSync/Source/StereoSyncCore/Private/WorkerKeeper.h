// Turns what the client tells into notices and snapshots. Events come on the I/O thread; the rest may be called by any.
#pragma once

#include "StereoSync/BridgeWorker.h"

namespace stereosync {

class BridgeWorker::Keeper final : public ClientEvents {
public:
    Keeper(const ClientOptions& options, const Clock& clock, const FrameSlot& slot, const PlaybackRing& ring);

    void on_welcomed(const Welcome& welcome) override;
    void on_audio(const AudioMessage& audio) override;
    void on_error(const ErrorMessage& error) override;
    void on_unanswered(const std::string& reason) override;
    void on_disconnected(const std::string& reason) override;

    void refuse(const std::string& reason);
    void become(BridgeState state, const std::string& text);
    /// Takes the client's own figures.
    void update(const BridgeClient& client);
    void reject(const WireError& error);
    void tell(Notice::Kind kind, const std::string& code, const std::string& text);

    BridgeStatus status() const;
    bool take_notice(Notice& notice);

private:
    const std::string address_;
    const Clock& clock_;
    const FrameSlot& slot_;
    const PlaybackRing& ring_;
    mutable std::mutex mutex_;
    BridgeStatus status_;
    std::deque<Notice> notices_;
    std::string unanswered_, rejection_;
    double rejected_at_s_ = -1e9;
};

}  // namespace stereosync
