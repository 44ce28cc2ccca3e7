// Points to a rectangle in the picture, and an engine's depth to what is sent. Pure functions, for any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "StereoSync/Api.h"

namespace stereosync {

/// A point in camera space, metres: x right, y up, z forward.
using Point = std::array<double, 3>;

/// A rectangle in pixels, origin at the top left, x right, y down.
struct PixelBox {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// What a camera sees: tangents of half its angles, the near plane in metres, the picture in pixels.
struct View {
    double tan_half_horizontal = 1;
    double tan_half_vertical = 1;
    double near_m = 0.1;
    int width_px = 0;
    int height_px = 0;
};

/// Gathers parts of a body; their common rectangle is its box.
class STEREOSYNCCORE_API BoxProjector {
public:
    explicit BoxProjector(const View& view) : view_(view) {}

    /// Single points, e.g. vertices; those behind the near plane are left out.
    void add_points(const std::vector<Point>& points);
    /// A cuboid's 8 corners; the bits 1, 2 and 4 of a corner's number say on which side along its three axes it lies. Edges that cross the
    /// near plane are cut there.
    void add_cuboid(const std::array<Point, 8>& corners);
    /// The rectangle; none when all of it is behind the near plane or outside of the picture.
    std::optional<PixelBox> box() const;

private:
    void add(const Point& point);

    View view_;
    bool any_ = false;
    double left_ = 0, right_ = 0, bottom_ = 0, top_ = 0;  // over the tangents: -1 to 1 inside the picture
};

/// float32 to IEEE 754 half precision, rounded to nearest even; what is too large becomes infinity.
STEREOSYNCCORE_API uint16_t to_half(float value);

/// Depth in engine units, rows of `stride` values, to float16 metres, little endian: what is not finite, not positive or
/// beyond `far_m` becomes +inf.
STEREOSYNCCORE_API void write_metres(const float* depth, int width_px, int height_px, size_t stride, double metres_per_unit,
                                     double far_m, std::vector<uint8_t>& out);

}  // namespace stereosync
