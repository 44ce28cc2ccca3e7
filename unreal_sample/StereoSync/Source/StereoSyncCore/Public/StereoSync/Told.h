// What a game may tell of a character and of the scene, beside the picture. Plain data that lies inside its frame: filling it in
// allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "StereoSync/Api.h"

namespace stereosync {

/// Text of at most 64 characters (code points of UTF-8). Longer text is cut there, and broken UTF-8 where it breaks.
class STEREOSYNCCORE_API ShortText {
public:
    static constexpr size_t most_characters = 64;

    ShortText() {}
    ShortText(std::string_view text);
    ShortText(const char* text) : ShortText(std::string_view(text)) {}
    ShortText(const std::string& text) : ShortText(std::string_view(text)) {}
    ShortText(const ShortText& other) { *this = other; }
    ShortText& operator=(const ShortText& other);

    std::string_view view() const { return {bytes_.data(), size_}; }
    bool empty() const { return size_ == 0; }

private:
    size_t size_ = 0;
    std::array<char, 4 * most_characters> bytes_;  // those beyond `size_` are never touched: most texts are short or empty
};

/// Up to N values; of more the first N are kept, and `is_over` says so.
template <typename T, size_t N>
class FixedList {
public:
    static constexpr size_t most = N;

    void add(const T& value) {
        over_ = size_ == N;
        if (!over_) {
            values_[size_++] = value;
        }
    }

    bool is_over() const { return over_; }
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](size_t index) { return values_[index]; }
    const T& operator[](size_t index) const { return values_[index]; }
    const T* begin() const { return values_.data(); }
    const T* end() const { return values_.data() + size_; }

private:
    std::array<T, N> values_{};
    size_t size_ = 0;
    bool over_ = false;
};

enum class Side { left, right };

/// The sole or the ankle of a foot, in any fixed world frame, metres, y up. Two of one side are known by their order.
struct FootSpec {
    Side side = Side::left;
    std::array<double, 3> world_m{};
    std::optional<bool> grounded;
    ShortText surface;  // empty: not told
};

/// A foot that comes down, on the client's clock: up to 0.5 s after the frame's capture, or 0.1 s before it.
struct ContactSpec {
    Side side = Side::left;
    double time_client_s = 0;
    std::optional<double> strength;  // 0 to 1; 0.5: an ordinary walking step
    ShortText surface;               // empty: not told
};

/// A room: its typical width (0: outdoors), and the share of energy that its walls give back, 0 to 1.
struct RoomSpec {
    double size_m = 0;
    double hardness = 0;
};

/// What the game says of the place.
struct SceneSpec {
    std::optional<ShortText> place;  // empty text: a quiet place; none: not told
    std::optional<double> amount;    // 0 to 1
    std::optional<RoomSpec> room;
    bool ambience = true;  // false: steps and their room alone
};

}  // namespace stereosync
