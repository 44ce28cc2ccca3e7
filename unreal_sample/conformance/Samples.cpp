#include "Samples.h"

namespace conformance {

using namespace stereosync;

namespace {

const Playback playback{96000, 61.25, 2, 1};

Bytes counting(size_t size) {
    Bytes bytes(size);
    for (size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<uint8_t>(i);
    }
    return bytes;
}

Parts frame_parts(void (*fill)(Frame&), int64_t sent) {
    Frame frame;
    fill(frame);
    return {write_frame_header(frame, {golden_session, sent, 87.75, playback}), frame.picture_bytes, frame.depth_bytes};
}

Parts hello_parts() {
    Hello hello;
    hello.session = golden_session;
    hello.client = "sample";
    hello.engine = "Panda3D 1.10";
    hello.capabilities = {{"jpeg", true}, {"positions", false}};
    hello.sent_client_s = 1.5;
    return {write_hello(hello)};
}

}  // namespace

void fill_plain(Frame& frame) {
    frame.index = 41;
    frame.capture_client_s = 12.25;
    frame.camera = {60, 0.1, 1000, "vertical", 1, 2.0};
    frame.picture = {"rgb8", 4, 2, "top"};
    frame.picture_bytes = counting(24);
    frame.depth = {"linear", "float16", 2, 1, "top", 1, false, std::nullopt};
    frame.depth_bytes = {0x00, 0x3e, 0x00, 0x7c};  // 1.5, +inf
    BoxSpec box;
    box.id = 1;
    box.label = "walker";
    box.x0 = 0.25;
    box.y0 = 0.5;
    box.x1 = 2.75;
    box.y1 = 1.875;
    frame.boxes = {box};
}

void fill_engine(Frame& frame) {
    frame.index = 42;
    frame.capture_client_s = 12.5;
    frame.camera = {90, 10, 100000, "horizontal", 0.01, std::nullopt};
    frame.picture = {"bgra8", 2, 2, "bottom"};
    frame.picture_bytes = counting(16);
    frame.depth = {"reversed_infinite", "float32", 2, 2, "bottom", 1, false, std::nullopt};
    frame.depth_bytes = {0, 0, 0, 0x3f, 0, 0, 0x80, 0x3e, 0, 0, 0, 0x3e, 0, 0, 0, 0};  // 0.5, 0.25, 0.125, 0
    BoxSpec box;
    box.id = -3;
    box.label = "robot";
    box.y0 = 0.5;
    box.x1 = 1;
    box.y1 = 2;
    box.tight = false;
    box.position_m = std::array<double, 3>{-0.5, -1, 4};
    box.hints = {{"shoe", std::string("boot")}, {"mass_kg", 80.0}};
    frame.boxes = {box};
    frame.box_origin = "bottom";
}

Parts sample(const std::string& name) {
    if (name == "hello") {
        return hello_parts();
    }
    if (name == "frame_plain") {
        return frame_parts(fill_plain, 7);
    }
    if (name == "frame_engine") {
        return frame_parts(fill_engine, 8);
    }
    if (name == "ping") {
        return {write_ping({12.5, 7, playback})};
    }
    if (name == "reset") {
        return {write_reset("new scene")};
    }
    return name == "bye" ? Parts{write_bye("level ends")} : Parts{};
}

}  // namespace conformance
