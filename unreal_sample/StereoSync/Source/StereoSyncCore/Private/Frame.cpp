#include "StereoSync/Frame.h"

namespace stereosync {

namespace {

constexpr size_t most_idle = 4;

}  // namespace

void Frame::clear() {
    Frame empty;
    empty.picture_bytes.swap(picture_bytes);
    empty.depth_bytes.swap(depth_bytes);
    empty.boxes.swap(boxes);
    *this = std::move(empty);
    picture_bytes.clear();
    depth_bytes.clear();
    boxes.clear();
}

FramePtr FramePool::rent() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (idle_.empty()) {
        return std::make_unique<Frame>();
    }
    FramePtr frame = std::move(idle_.back());
    idle_.pop_back();
    return frame;
}

void FramePool::give_back(FramePtr frame) {
    if (frame == nullptr) {
        return;
    }
    frame->clear();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (idle_.size() < most_idle) {
        idle_.push_back(std::move(frame));
    }
}

void FrameSlot::put(FramePtr frame) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++offered_;
        replaced_ += frame_ != nullptr ? 1 : 0;
        std::swap(frame_, frame);
    }
    pool_.give_back(std::move(frame));
}

FramePtr FrameSlot::take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::move(frame_);
}

void FrameSlot::put_back(FramePtr frame) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (frame_ == nullptr) {
            frame_ = std::move(frame);
            return;
        }
        ++replaced_;
    }
    pool_.give_back(std::move(frame));
}

int64_t FrameSlot::offered() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return offered_;
}

int64_t FrameSlot::replaced() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return replaced_;
}

}  // namespace stereosync
