// Parts of FRAME's rules, and the rules of what is told. A broken rule is told with the field's name.
#pragma once

#include <cmath>
#include <string>

#include "StereoSync/Frame.h"

namespace stereosync {

inline WireError bad_value(const std::string& field, const std::string& rule) { return {errors::bad_value, field, rule}; }

inline bool inside(double value, double low, double high) { return std::isfinite(value) && value >= low && value <= high; }

inline std::string item(const char* list, size_t index) { return std::string(list) + "[" + std::to_string(index) + "]"; }

template <typename Numbers>
Problem check_numbers(const Numbers& numbers, double limit, const char* field) {
    for (size_t i = 0; i < numbers.size(); ++i) {
        if (!inside(numbers[i], -limit, limit)) {
            return bad_value(item(field, i), "must be finite and at most " + std::to_string(limit));
        }
    }
    return std::nullopt;
}

/// Of a box's feet and contacts. Texts keep their rule by their type.
Problem check_told(const BoxSpec& box);
Problem check_scene(const SceneSpec& scene);

}  // namespace stereosync
