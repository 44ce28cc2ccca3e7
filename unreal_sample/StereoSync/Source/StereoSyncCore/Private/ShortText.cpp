#include <algorithm>

#include "StereoSync/Told.h"
#include "Utf8.h"

namespace stereosync {

ShortText::ShortText(std::string_view text) {
    uint32_t code_point = 0;
    size_t at = 0;
    for (size_t count = 0; count < most_characters && at < text.size() && next_code_point(text, at, code_point); ++count) {
        size_ = at;
    }
    std::copy_n(text.begin(), size_, bytes_.begin());
}

ShortText& ShortText::operator=(const ShortText& other) {
    if (this != &other) {
        size_ = other.size_;
        std::copy_n(other.bytes_.begin(), size_, bytes_.begin());
    }
    return *this;
}

}  // namespace stereosync
