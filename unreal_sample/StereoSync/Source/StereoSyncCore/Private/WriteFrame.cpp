// FRAME's header, keys in the order of bridge/PROTOCOL.md.
#include "MapWriter.h"
#include "StereoSync/Frame.h"
#include "WriteTold.h"

namespace stereosync {

namespace {

void write_camera(MsgpackWriter& writer, const CameraSpec& camera) {
    writer.text("camera");
    MapWriter map(writer, 6);
    map.number("fov_deg", camera.fov_deg);
    map.number("near", camera.near_plane);
    map.number("far", camera.far_plane);
    map.text("fov_axis", camera.fov_axis);
    map.number("metres_per_unit", camera.metres_per_unit);
    writer.text("aspect");
    camera.aspect ? writer.number(*camera.aspect) : writer.nil();
}

void write_picture(MsgpackWriter& writer, const PictureSpec& picture, size_t bytes) {
    writer.text("picture");
    MapWriter map(writer, 5);
    map.text("format", picture.format);
    map.integer("width_px", picture.width_px);
    map.integer("height_px", picture.height_px);
    map.integer("n_bytes", static_cast<int64_t>(bytes));
    map.text("row_origin", picture.row_origin);
}

void write_depth(MsgpackWriter& writer, const DepthSpec& depth, size_t bytes) {
    writer.text("depth");
    MapWriter map(writer, 9);
    map.text("encoding", depth.encoding);
    map.text("dtype", depth.dtype);
    map.integer("width_px", depth.width_px);
    map.integer("height_px", depth.height_px);
    map.integer("n_bytes", static_cast<int64_t>(bytes));
    map.text("row_origin", depth.row_origin);
    map.number("scale", depth.scale);
    map.flag("radial", depth.radial);
    map.numbers_or_nil("inverse_projection", depth.inverse_projection);
}

void write_box(MsgpackWriter& writer, const BoxSpec& box) {
    MapWriter map(writer, 8 + count_told(box));
    map.integer("id", box.id);
    map.text("label", box.label);
    map.number("x0", box.x0);
    map.number("y0", box.y0);
    map.number("x1", box.x1);
    map.number("y1", box.y1);
    map.flag("tight", box.tight);
    map.numbers_or_nil("position_m", box.position_m);
    write_told(writer, box);
}

}  // namespace

void write_frame_header(const Frame& frame, const FrameStamp& stamp, MsgpackWriter& writer) {
    writer.bytes.clear();
    MapWriter map(writer, frame.scene ? 13 : 12);
    map.text("type", "FRAME");
    map.text("session", stamp.session);
    map.integer("index", frame.index);
    map.integer("sent", stamp.sent);
    map.number("capture_client_s", frame.capture_client_s);
    map.number("clock_offset_s", stamp.clock_offset_s);
    write_camera(writer, frame.camera);
    write_picture(writer, frame.picture, frame.picture_bytes.size());
    write_depth(writer, frame.depth, frame.depth_bytes.size());
    writer.text("boxes");
    writer.array(frame.boxes.size());
    for (const BoxSpec& box : frame.boxes) {
        write_box(writer, box);
    }
    map.text("box_origin", frame.box_origin);
    write_playback(writer, stamp.playback);
    if (frame.scene) {
        write_scene(writer, *frame.scene);
    }
}

}  // namespace stereosync
