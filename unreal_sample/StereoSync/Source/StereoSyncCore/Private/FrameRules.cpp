// The rules of FRAME, checked before a frame leaves: a broken one is told to the game, with the field's name.
#include "FrameRules.h"

#include <algorithm>
#include <array>

#include "Utf8.h"

namespace stereosync {

namespace {

constexpr size_t most_boxes = 64;
constexpr int most_side_px = 2048;

bool one_of(const std::string& word, std::initializer_list<const char*> words) {
    for (const char* known : words) {
        if (word == known) {
            return true;
        }
    }
    return false;
}

template <typename Numbers>
Problem check_numbers_or_nil(const std::optional<Numbers>& numbers, double limit, const char* field) {
    return numbers ? check_numbers(*numbers, limit, field) : Problem();
}

Problem check_camera(const CameraSpec& camera) {
    if (!std::isfinite(camera.fov_deg) || camera.fov_deg <= 1 || camera.fov_deg >= 179) {
        return bad_value("fov_deg", "must be above 1 and below 179");
    }
    if (!std::isfinite(camera.near_plane) || camera.near_plane <= 0 || camera.near_plane > 1e9) {
        return bad_value("near", "must be above 0 and at most 1e9");
    }
    if (!std::isfinite(camera.far_plane) || camera.far_plane <= 0 || camera.far_plane > 1e9) {
        return bad_value("far", "must be above 0 and at most 1e9");
    }
    if (!one_of(camera.fov_axis, {"vertical", "horizontal"})) {
        return bad_value("fov_axis", "must be one of vertical, horizontal");
    }
    if (!std::isfinite(camera.metres_per_unit) || camera.metres_per_unit <= 0 || camera.metres_per_unit > 1e6) {
        return bad_value("metres_per_unit", "must be above 0 and at most 1e6");
    }
    if (camera.aspect && !inside(*camera.aspect, 0.01, 100)) {
        return bad_value("aspect", "must be 0.01 to 100");
    }
    if (camera.near_plane >= camera.far_plane) {
        return bad_value("near", "must be below far");
    }
    return std::nullopt;
}

Problem check_size(int width_px, int height_px, const Bytes& bytes) {
    if (width_px < 1 || width_px > most_side_px) {
        return bad_value("width_px", "must be 1 to 2048");
    }
    if (height_px < 1 || height_px > most_side_px) {
        return bad_value("height_px", "must be 1 to 2048");
    }
    return bytes.empty() ? Problem(bad_value("n_bytes", "must be 1 to 16777216")) : std::nullopt;
}

Problem check_rows(const std::string& origin) {
    return one_of(origin, {"top", "bottom"}) ? Problem() : bad_value("row_origin", "must be one of top, bottom");
}

Problem expect_bytes(size_t got, int width_px, int height_px, size_t bytes_per_pixel) {
    const size_t expected = static_cast<size_t>(width_px) * static_cast<size_t>(height_px) * bytes_per_pixel;
    if (got == expected) {
        return std::nullopt;
    }
    return WireError{errors::bad_length, "n_bytes",
                     "this size takes " + std::to_string(expected) + " bytes, got " + std::to_string(got)};
}

Problem check_picture(const PictureSpec& picture, const Bytes& bytes) {
    if (!one_of(picture.format, {"rgb8", "rgba8", "bgra8", "jpeg"})) {
        return bad_value("format", "must be one of rgb8, rgba8, bgra8, jpeg");
    }
    if (Problem problem = check_size(picture.width_px, picture.height_px, bytes)) {
        return problem;
    }
    if (Problem problem = check_rows(picture.row_origin)) {
        return problem;
    }
    if (picture.format == "jpeg") {
        return std::nullopt;
    }
    return expect_bytes(bytes.size(), picture.width_px, picture.height_px, picture.format == "rgb8" ? 3 : 4);
}

size_t depth_bytes_of(const std::string& dtype) {
    return dtype == "float32" || dtype == "bgra8" ? 4 : dtype == "rgb8" ? 3 : 2;
}

Problem check_depth(const DepthSpec& depth, const Bytes& bytes) {
    if (!one_of(depth.encoding,
                {"linear", "linear01", "linear01_near", "orthographic", "orthographic_reversed", "standard", "opengl_ndc",
                 "reversed", "reversed_infinite", "inverse_projection", "carla24"})) {
        return bad_value("encoding", "must be one of the encodings of PROTOCOL.md");
    }
    if (!one_of(depth.dtype, {"float16", "float32", "uint16", "rgb8", "bgra8"})) {
        return bad_value("dtype", "must be one of float16, float32, uint16, rgb8, bgra8");
    }
    if (Problem problem = check_size(depth.width_px, depth.height_px, bytes)) {
        return problem;
    }
    if (Problem problem = check_rows(depth.row_origin)) {
        return problem;
    }
    if (!std::isfinite(depth.scale) || depth.scale <= 0 || depth.scale > 1e9) {
        return bad_value("scale", "must be above 0 and at most 1e9");
    }
    if (Problem problem = check_numbers_or_nil(depth.inverse_projection, 1e12, "inverse_projection")) {
        return problem;
    }
    if (Problem problem = expect_bytes(bytes.size(), depth.width_px, depth.height_px, depth_bytes_of(depth.dtype))) {
        return problem;
    }
    if ((depth.encoding == "carla24") != one_of(depth.dtype, {"rgb8", "bgra8"})) {
        return bad_value("dtype", "rgb8 and bgra8 belong to the encoding carla24, and to no other");
    }
    if (depth.encoding == "inverse_projection" && !depth.inverse_projection) {
        return WireError{errors::missing_field, "inverse_projection", "is required by the encoding inverse_projection"};
    }
    return std::nullopt;
}

Problem check_box(const BoxSpec& box) {
    if (box.id > max_integer || box.id < -max_integer) {
        return bad_value("id", "must be -2^53 to 2^53");
    }
    if (!is_printable(box.label, 64)) {
        return bad_value("label", "must be printable text of at most 64 characters");
    }
    const std::pair<const char*, double> corners[] = {{"x0", box.x0}, {"y0", box.y0}, {"x1", box.x1}, {"y1", box.y1}};
    for (const auto& [name, value] : corners) {
        if (!inside(value, -1e6, 1e6)) {
            return bad_value(name, "must be -1e6 to 1e6");
        }
    }
    if (Problem problem = check_numbers_or_nil(box.position_m, 1e9, "position_m")) {
        return problem;
    }
    if (Problem problem = check_told(box)) {
        return problem;
    }
    if (box.x1 < box.x0) {
        return bad_value("x1", "must not be below x0");
    }
    return box.y1 < box.y0 ? Problem(bad_value("y1", "must not be below y0")) : std::nullopt;
}

Problem check_ids(const std::vector<BoxSpec>& boxes) {
    std::array<int64_t, most_boxes> ids{};
    const auto end = std::transform(boxes.begin(), boxes.end(), ids.begin(), [](const BoxSpec& box) { return box.id; });
    std::sort(ids.begin(), end);
    const auto twice = std::adjacent_find(ids.begin(), end);
    if (twice == end) {
        return std::nullopt;
    }
    return bad_value("boxes", "ids must be unique in a frame, " + std::to_string(*twice) + " is there twice");
}

Problem check_boxes(const std::vector<BoxSpec>& boxes) {
    if (boxes.size() > most_boxes) {
        return bad_value("boxes", "must hold 0 to 64 values, got " + std::to_string(boxes.size()));
    }
    for (size_t i = 0; i < boxes.size(); ++i) {
        if (Problem problem = check_box(boxes[i])) {
            return problem->under(item("boxes", i));
        }
    }
    return check_ids(boxes);
}

}  // namespace

Problem Frame::problem() const {
    if (index < 0 || index > max_integer) {
        return bad_value("index", "must be 0 to 2^53");
    }
    if (!inside(capture_client_s, -1e12, 1e12)) {
        return bad_value("capture_client_s", "must be -1e12 to 1e12");
    }
    if (Problem problem = check_camera(camera)) {
        return problem->under("camera");
    }
    if (Problem problem = check_picture(picture, picture_bytes)) {
        return problem->under("picture");
    }
    if (Problem problem = check_depth(depth, depth_bytes)) {
        return problem->under("depth");
    }
    if (Problem problem = check_boxes(boxes)) {
        return problem;
    }
    if (!one_of(box_origin, {"top", "bottom"})) {
        return bad_value("box_origin", "must be one of top, bottom");
    }
    if (Problem problem = scene ? check_scene(*scene) : Problem()) {
        return problem->under("scene");
    }
    return std::nullopt;
}

}  // namespace stereosync
