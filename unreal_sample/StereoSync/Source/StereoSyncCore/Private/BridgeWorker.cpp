#include "StereoSync/BridgeWorker.h"

#include <algorithm>

#include "ChannelLayout.h"
#include "StereoSync/LibzmqTransport.h"
#include "WorkerKeeper.h"

namespace stereosync {

namespace {

constexpr double poll_ms = 10;
constexpr int block = 512;
constexpr int lowest_rate_hz = 8000, highest_rate_hz = 192000;

}  // namespace

std::unique_ptr<Transport> make_transport(const ClientOptions& options, std::string& trouble) {
    trouble = options.trouble();
    if (!trouble.empty()) {
        return nullptr;
    }
    if (!options.curve) {
        return make_zmtp_transport();
    }
#if defined(STEREOSYNC_LIBZMQ)
    return make_libzmq_transport(*options.curve, trouble);
#else
    trouble = "this build has no CURVE: build with STEREOSYNC_LIBZMQ, or take the keys out of the options";
    return nullptr;
#endif
}

BridgeWorker::BridgeWorker(const ClientOptions& options)
    : options_(options),
      slot_(pool_),
      converter_(ring_),
      keeper_(std::make_unique<Keeper>(options_, clock_, slot_, ring_)) {}

BridgeWorker::~BridgeWorker() { stop(); }

void BridgeWorker::start() {
    if (!thread_.joinable()) {
        stopping_ = false;
        thread_ = std::thread([this] { run(); });
    }
}

void BridgeWorker::stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) {
        thread_.join();
        keeper_->become(BridgeState::stopped, "stopped");
    }
}

void BridgeWorker::wake() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (transport_ != nullptr) {
        transport_->wake();
    }
}

bool BridgeWorker::offer(FramePtr frame) {
    if (frame == nullptr) {
        return false;
    }
    if (const Problem problem = frame->problem()) {
        keeper_->reject(*problem);
        pool_.give_back(std::move(frame));
        return false;
    }
    slot_.put(std::move(frame));
    wake();
    return true;
}

void BridgeWorker::read(float* data, int frames, int channels, int device_rate_hz) {
    if (frames < 1 || channels < 1) {
        return;
    }
    if (device_rate_hz < lowest_rate_hz || device_rate_hz > highest_rate_hz) {
        std::fill_n(data, static_cast<ptrdiff_t>(frames) * channels, 0.0f);
        return;
    }
    float stereo[2 * block];
    for (int done = 0; done < frames; done += block) {
        const int count = std::min(block, frames - done);
        converter_.read(stereo, static_cast<size_t>(count), device_rate_hz);
        spread(stereo, count, data + static_cast<ptrdiff_t>(done) * channels, channels);
    }
}

void BridgeWorker::ask(Request request) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        requests_.push_back(std::move(request));
    }
    wake();
}

void BridgeWorker::pause() { ask({Request::Kind::pause, ""}); }

void BridgeWorker::resume() { ask({Request::Kind::resume, ""}); }

void BridgeWorker::reset(const std::string& reason) {
    if (const Problem problem = check_reason(reason)) {
        keeper_->tell(Notice::Kind::error, problem->code, "RESET was sent without its reason: " + problem->text());
        ask({Request::Kind::reset, ""});
        return;
    }
    ask({Request::Kind::reset, reason});
}

BridgeStatus BridgeWorker::status() const { return keeper_->status(); }

bool BridgeWorker::take_notice(Notice& notice) { return keeper_->take_notice(notice); }

void BridgeWorker::run() {
    std::string trouble;
    const std::unique_ptr<Transport> transport = make_transport(options_, trouble);
    if (transport == nullptr) {
        keeper_->refuse(trouble);
        return;
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        transport_ = transport.get();
    }
    keeper_->become(BridgeState::connecting, "connecting to " + options_.control_address);
    ClientStream stream(options_, clock_, *transport, slot_, pool_, ring_, *keeper_);
    stream.client.begin();
    while (!stopping_) {
        take_requests(stream);
        stream.report_device(device_ms_);
        stream.poll(poll_ms);
        keeper_->update(stream.client);
    }
    stream.client.bye("the client stops");
    const std::lock_guard<std::mutex> lock(mutex_);
    transport_ = nullptr;
}

void BridgeWorker::take_requests(ClientStream& stream) {
    std::deque<Request> requests;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        requests.swap(requests_);
    }
    for (const Request& request : requests) {
        switch (request.kind) {
            case Request::Kind::pause: stream.pause(); break;
            case Request::Kind::resume: stream.resume(); break;
            case Request::Kind::reset: stream.client.reset(request.reason); break;
        }
    }
}

}  // namespace stereosync
