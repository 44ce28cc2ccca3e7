#include "Samples.h"

namespace conformance {

using namespace stereosync;

namespace {

const Playback playback{96000, 61.25, 2, 1, 0};
const Playback playback_of_device{96000, 61.25, 2, 1, 40};

Bytes counting(size_t size) {
    Bytes bytes(size);
    for (size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<uint8_t>(i);
    }
    return bytes;
}

Parts frame_parts(void (*fill)(Frame&), int64_t sent, const Playback& reported = playback) {
    Frame frame;
    MsgpackWriter header;
    fill(frame);
    write_frame_header(frame, {golden_session, sent, 87.75, reported}, header);
    return {header.bytes, frame.picture_bytes, frame.depth_bytes};
}

Parts hello_parts() {
    Hello hello;
    hello.session = golden_session;
    hello.client = "sample";
    hello.engine = "Panda3D 1.10";
    hello.capabilities = {{"credit", true}, {"jpeg", true}};
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
    frame.boxes = {box};
    frame.box_origin = "bottom";
}

void fill_told(Frame& frame) {
    fill_plain(frame);
    frame.index = 43;
    BoxSpec& walker = frame.boxes[0];
    walker.feet.add({Side::left, {-0.25, 0.125, 3.5}, false, "PM_Gravel_01"});
    walker.feet.add({Side::right, {0.25, 0, 4}, true, "gravel"});
    walker.contacts.add({Side::left, frame.capture_client_s + 0.2, 0.75, "water"});
    BoxSpec other;
    other.id = 2;
    other.label = "other";
    other.x0 = 3;
    other.y0 = 0.5;
    other.x1 = 3.5;
    other.y1 = 1.5;
    other.surface = "wood";
    frame.boxes.push_back(other);
    frame.scene = SceneSpec{"forest", 0.5, RoomSpec{12.5, 0.25}, false};
}

void move_to(Frame& frame, double capture_client_s) {
    const double later_s = capture_client_s - frame.capture_client_s;
    frame.capture_client_s = capture_client_s;
    for (BoxSpec& box : frame.boxes) {
        for (size_t i = 0; i < box.contacts.size(); ++i) {
            box.contacts[i].time_client_s += later_s;
        }
    }
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
    if (name == "frame_told") {
        return frame_parts(fill_told, 9, playback_of_device);
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
