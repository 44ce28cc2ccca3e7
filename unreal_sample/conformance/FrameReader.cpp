#include "FrameReader.h"

namespace conformance {

using namespace stereosync;

namespace {

const Value nothing;

const Value& get(const Value& map, const char* key) {
    const Value* value = map.find(key);
    return value == nullptr ? nothing : *value;
}

double number(const Value& map, const char* key) { return get(map, key).as_double(); }

int whole(const Value& map, const char* key) { return static_cast<int>(number(map, key)); }

template <size_t N>
std::optional<std::array<double, N>> numbers(const Value& list) {
    if (list.type == Value::Type::nil) {
        return std::nullopt;
    }
    std::array<double, N> found{};
    for (size_t i = 0; i < N; ++i) {
        found[i] = list.items[i].as_double();
    }
    return found;
}

CameraSpec camera_of(const Value& map) {
    CameraSpec camera;
    camera.fov_deg = number(map, "fov_deg");
    camera.near_plane = number(map, "near");
    camera.far_plane = number(map, "far");
    camera.fov_axis = get(map, "fov_axis").bytes;
    camera.metres_per_unit = number(map, "metres_per_unit");
    if (get(map, "aspect").type != Value::Type::nil) {
        camera.aspect = number(map, "aspect");
    }
    return camera;
}

PictureSpec picture_of(const Value& map) {
    return {get(map, "format").bytes, whole(map, "width_px"), whole(map, "height_px"), get(map, "row_origin").bytes};
}

DepthSpec depth_of(const Value& map) {
    return {get(map, "encoding").bytes, get(map, "dtype").bytes,      whole(map, "width_px"),
            whole(map, "height_px"),    get(map, "row_origin").bytes, number(map, "scale"),
            get(map, "radial").flag,    numbers<16>(get(map, "inverse_projection"))};
}

BoxSpec box_of(const Value& map) {
    BoxSpec box;
    box.id = static_cast<int64_t>(get(map, "id").magnitude);
    box.label = get(map, "label").bytes;
    box.x0 = number(map, "x0");
    box.y0 = number(map, "y0");
    box.x1 = number(map, "x1");
    box.y1 = number(map, "y1");
    box.tight = get(map, "tight").flag;
    box.position_m = numbers<3>(get(map, "position_m"));
    const Value& hints = get(map, "hints");
    for (size_t i = 0; i < hints.items.size(); i += 2) {
        const Value& value = hints.items[i + 1];
        if (value.type == Value::Type::text) {
            box.hints.emplace_back(hints.items[i].bytes, value.bytes);
        } else {
            box.hints.emplace_back(hints.items[i].bytes, value.as_double());
        }
    }
    return box;
}

}  // namespace

namespace {

// The client's own types have no other lengths.
bool has_lengths(const Value& header) {
    const Value& matrix = get(get(header, "depth"), "inverse_projection");
    bool right = matrix.type == Value::Type::nil || matrix.items.size() == 16;
    for (const Value& box : get(header, "boxes").items) {
        const Value& position = get(box, "position_m");
        right = right && (position.type == Value::Type::nil || position.items.size() == 3);
    }
    return right;
}

}  // namespace

bool read_frame(const Parts& parts, Frame& frame) {
    Value header;
    if (parts.size() != 3 || !read_msgpack(parts[0].data(), parts[0].size(), header) || get(header, "type").bytes != "FRAME") {
        return false;
    }
    if (!has_lengths(header)) {
        return false;
    }
    frame.clear();
    frame.index = static_cast<int64_t>(get(header, "index").magnitude);
    frame.capture_client_s = number(header, "capture_client_s");
    frame.camera = camera_of(get(header, "camera"));
    frame.picture = picture_of(get(header, "picture"));
    frame.depth = depth_of(get(header, "depth"));
    for (const Value& box : get(header, "boxes").items) {
        frame.boxes.push_back(box_of(box));
    }
    frame.box_origin = get(header, "box_origin").bytes;
    frame.picture_bytes = parts[1];
    frame.picture_bytes.resize(static_cast<size_t>(whole(get(header, "picture"), "n_bytes")));  // the frame declares what it has
    frame.depth_bytes = parts[2];
    frame.depth_bytes.resize(static_cast<size_t>(whole(get(header, "depth"), "n_bytes")));
    return true;
}

}  // namespace conformance
