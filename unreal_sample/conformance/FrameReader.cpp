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

bool has(const Value& map, const char* key) { return get(map, key).type != Value::Type::nil; }

std::optional<double> maybe_number(const Value& map, const char* key) {
    return has(map, key) ? std::optional<double>(number(map, key)) : std::nullopt;
}

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
    camera.aspect = maybe_number(map, "aspect");
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

Side side_of(const Value& map) { return get(map, "side").bytes == "left" ? Side::left : Side::right; }

FootSpec foot_of(const Value& map) {
    FootSpec foot;
    foot.side = side_of(map);
    foot.world_m = *numbers<3>(get(map, "world_m"));
    if (has(map, "grounded")) {
        foot.grounded = get(map, "grounded").flag;
    }
    foot.surface = get(map, "surface").bytes;
    return foot;
}

ContactSpec contact_of(const Value& map) {
    return {side_of(map), number(map, "time_client_s"), maybe_number(map, "strength"), get(map, "surface").bytes};
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
    for (const Value& foot : get(map, "feet").items) {
        box.feet.add(foot_of(foot));
    }
    for (const Value& contact : get(map, "contacts").items) {
        box.contacts.add(contact_of(contact));
    }
    box.surface = get(map, "surface").bytes;
    return box;
}

std::optional<SceneSpec> scene_of(const Value& map) {
    if (map.type == Value::Type::nil) {
        return std::nullopt;
    }
    SceneSpec scene;
    if (has(map, "place")) {
        scene.place = get(map, "place").bytes;
    }
    scene.amount = maybe_number(map, "amount");
    if (has(map, "room")) {
        const Value& room = get(map, "room");
        scene.room = RoomSpec{number(room, "size_m"), number(room, "hardness")};
    }
    scene.ambience = !has(map, "ambience") || get(map, "ambience").flag;
    return scene;
}

// The client's own types have no other lengths and no other words.
bool is_long(const Value& list, size_t count) { return list.type == Value::Type::nil || list.items.size() == count; }

bool is_side(const Value& map) { return get(map, "side").bytes == "left" || get(map, "side").bytes == "right"; }

bool fits_told(const Value& box) {
    bool fits = true;
    for (const Value& foot : get(box, "feet").items) {
        fits = fits && is_side(foot) && get(foot, "world_m").items.size() == 3;
    }
    for (const Value& contact : get(box, "contacts").items) {
        fits = fits && is_side(contact);
    }
    return fits;
}

bool fits(const Value& header) {
    bool right = is_long(get(get(header, "depth"), "inverse_projection"), 16);
    for (const Value& box : get(header, "boxes").items) {
        right = right && is_long(get(box, "position_m"), 3) && fits_told(box);
    }
    return right;
}

}  // namespace

bool read_frame(const Parts& parts, Frame& frame) {
    Value header;
    if (parts.size() != 3 || !read_msgpack(parts[0].data(), parts[0].size(), header) || get(header, "type").bytes != "FRAME") {
        return false;
    }
    if (!fits(header)) {
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
    frame.scene = scene_of(get(header, "scene"));
    frame.picture_bytes = parts[1];
    frame.picture_bytes.resize(static_cast<size_t>(whole(get(header, "picture"), "n_bytes")));  // the frame declares what it has
    frame.depth_bytes = parts[2];
    frame.depth_bytes.resize(static_cast<size_t>(whole(get(header, "depth"), "n_bytes")));
    return true;
}

Playback read_playback(const Parts& parts) {
    Value header;
    read_msgpack(parts[0].data(), parts[0].size(), header);
    const Value& map = get(header, "playback");
    return {static_cast<int64_t>(number(map, "played_samples")), number(map, "buffered_ms"), static_cast<int64_t>(number(map, "underruns")),
            static_cast<int64_t>(number(map, "epoch")), number(map, "device_ms")};
}

}  // namespace conformance
