// A frame: what the game fills and the client sends. One thread at a time: the game's until it is offered.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "StereoSync/Messages.h"
#include "StereoSync/Told.h"

namespace stereosync {

/// A pinhole camera. `near_plane` and `far_plane` are in engine units.
struct CameraSpec {
    double fov_deg = 60;
    double near_plane = 0.1;
    double far_plane = 1000;
    std::string fov_axis = "vertical";  // Unreal: "horizontal"
    double metres_per_unit = 1;         // Unreal: 0.01
    std::optional<double> aspect;       // width / height; none: of the picture
};

/// How the picture's bytes are to be read: rgb8, rgba8, bgra8 or jpeg.
struct PictureSpec {
    std::string format = "bgra8";
    int width_px = 0;
    int height_px = 0;
    std::string row_origin = "top";
};

/// How the depth buffer's bytes are to be read; `linear` float16 metres is the one to send.
struct DepthSpec {
    std::string encoding = "linear";
    std::string dtype = "float16";
    int width_px = 0;
    int height_px = 0;
    std::string row_origin = "top";
    double scale = 1;
    bool radial = false;
    std::optional<std::array<double, 16>> inverse_projection;
};

/// A character's rectangle in pixels of the picture, and what the game tells of it. `position_m`: camera space, x right, y up, z forward.
struct BoxSpec {
    int64_t id = 0;
    std::string label;
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    bool tight = true;
    std::optional<std::array<double, 3>> position_m;
    FixedList<FootSpec, 4> feet;
    FixedList<ContactSpec, 8> contacts;
    ShortText surface;  // what the character walks on; empty: not told
};

/// A rendered picture with depth, camera and boxes, in the engine's own conventions.
struct STEREOSYNCCORE_API Frame {
    int64_t index = 0;
    double capture_client_s = 0;  // on the client's clock: BridgeWorker::now_s when the picture was asked for
    CameraSpec camera;
    PictureSpec picture;
    DepthSpec depth;
    std::vector<BoxSpec> boxes;
    std::string box_origin = "top";
    std::optional<SceneSpec> scene;
    Bytes picture_bytes;
    Bytes depth_bytes;

    /// Back to default values; buffers and boxes keep their memory.
    void clear();

    /// The first rule of the wire that the frame breaks. (Unreal has a macro that is called check.)
    Problem problem() const;
};

/// What a FRAME carries beside the scene.
struct FrameStamp {
    std::string_view session;
    int64_t sent = 0;
    double clock_offset_s = 0;
    Playback playback;
};

/// The header of a FRAME, in place of what the writer holds; its payloads are the frame's bytes.
STEREOSYNCCORE_API void write_frame_header(const Frame& frame, const FrameStamp& stamp, MsgpackWriter& writer);

using FramePtr = std::unique_ptr<Frame>;

/// Frames whose buffers are used again. Any thread may call.
class STEREOSYNCCORE_API FramePool {
public:
    /// An empty frame; its buffers were used before if one has come back.
    FramePtr rent();
    void give_back(FramePtr frame);

private:
    std::mutex mutex_;
    std::vector<FramePtr> idle_;
};

/// One slot in which the newest frame wins. Any thread may call.
class STEREOSYNCCORE_API FrameSlot {
public:
    explicit FrameSlot(FramePool& pool) : pool_(pool) {}

    /// In place of a frame that still waits.
    void put(FramePtr frame);
    FramePtr take();
    /// A frame that could not be sent, unless a newer one has come meanwhile.
    void put_back(FramePtr frame);
    int64_t offered() const;
    int64_t replaced() const;

private:
    FramePool& pool_;
    mutable std::mutex mutex_;
    FramePtr frame_;
    int64_t offered_ = 0;
    int64_t replaced_ = 0;
};

}  // namespace stereosync
