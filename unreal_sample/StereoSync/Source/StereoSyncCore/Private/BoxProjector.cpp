#include "StereoSync/BoxProjector.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace stereosync {

namespace {

constexpr double farthest_px = 1e6;  // what the wire allows
constexpr uint16_t half_infinity = 0x7c00;

double pixels(double place, int size_px) { return std::clamp((place + 1) / 2 * size_px, -farthest_px, farthest_px); }

}  // namespace

void BoxProjector::add(const Point& point) {
    if (!(point[2] >= view_.near_m)) {
        return;
    }
    const double x = point[0] / point[2] / view_.tan_half_horizontal, y = point[1] / point[2] / view_.tan_half_vertical;
    left_ = any_ ? std::min(left_, x) : x;
    right_ = any_ ? std::max(right_, x) : x;
    bottom_ = any_ ? std::min(bottom_, y) : y;
    top_ = any_ ? std::max(top_, y) : y;
    any_ = true;
}

void BoxProjector::add_points(const std::vector<Point>& points) {
    for (const Point& point : points) {
        add(point);
    }
}

void BoxProjector::add_cuboid(const std::array<Point, 8>& corners) {
    for (size_t corner = 0; corner < corners.size(); ++corner) {
        add(corners[corner]);
        for (size_t axis = 1; axis < corners.size(); axis *= 2) {
            const Point &a = corners[corner], &b = corners[corner | axis];
            if ((corner & axis) != 0 || (a[2] < view_.near_m) == (b[2] < view_.near_m)) {
                continue;
            }
            const double share = (view_.near_m - a[2]) / (b[2] - a[2]);
            add({a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), view_.near_m});
        }
    }
}

std::optional<PixelBox> BoxProjector::box() const {
    if (!any_ || left_ >= 1 || right_ <= -1 || bottom_ >= 1 || top_ <= -1) {
        return std::nullopt;
    }
    return PixelBox{pixels(left_, view_.width_px), pixels(-top_, view_.height_px), pixels(right_, view_.width_px),
                    pixels(-bottom_, view_.height_px)};
}

uint16_t to_half(float value) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
    const float size = std::fabs(value);
    if (std::isnan(value)) {
        return static_cast<uint16_t>(sign | 0x7e00);
    }
    if (size >= 65520.0f) {
        return static_cast<uint16_t>(sign | half_infinity);
    }
    if (size < 6.103515625e-5f) {  // subnormal: steps of 2^-24
        return static_cast<uint16_t>(sign | static_cast<uint16_t>(std::nearbyint(size * 16777216.0f)));
    }
    const uint32_t rounded = (bits & 0x7fffffff) + 0xfff + (bits >> 13 & 1);
    return static_cast<uint16_t>(sign | (rounded - 0x38000000) >> 13);
}

void write_metres(const float* depth, int width_px, int height_px, size_t stride, double metres_per_unit, double far_m,
                  std::vector<uint8_t>& out) {
    out.resize(2 * static_cast<size_t>(width_px) * static_cast<size_t>(height_px));
    size_t at = 0;
    for (int row = 0; row < height_px; ++row) {
        const float* values = depth + static_cast<size_t>(row) * stride;
        for (int column = 0; column < width_px; ++column) {
            const double metres = metres_per_unit * static_cast<double>(values[column]);
            const bool known = std::isfinite(metres) && metres > 0 && metres <= far_m;
            const uint16_t half = known ? to_half(static_cast<float>(metres)) : half_infinity;
            out[at++] = static_cast<uint8_t>(half & 0xff);
            out[at++] = static_cast<uint8_t>(half >> 8);
        }
    }
}

}  // namespace stereosync
