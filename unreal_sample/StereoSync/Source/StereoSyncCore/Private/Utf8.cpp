#include "Utf8.h"

namespace stereosync {

namespace {

struct Range {
    uint32_t first, last;
};

// Controls, separators but the space, formatting marks, surrogates, private use.
constexpr Range unprintable[] = {
    {0x00, 0x1f},       {0x7f, 0xa0},       {0xad, 0xad},       {0x600, 0x605},       {0x61c, 0x61c},
    {0x1680, 0x1680},   {0x180e, 0x180e},   {0x2000, 0x200f},   {0x2028, 0x202f},     {0x205f, 0x206f},
    {0x3000, 0x3000},   {0xd800, 0xf8ff},   {0xfeff, 0xfeff},   {0xfff0, 0xfffb},     {0xfffe, 0xffff},
    {0xe0000, 0xe007f}, {0xf0000, 0x10ffff},
};

bool is_unprintable(uint32_t code_point) {
    for (const Range& range : unprintable) {
        if (code_point >= range.first && code_point <= range.last) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool next_code_point(std::string_view text, size_t& at, uint32_t& code_point) {
    const auto first = static_cast<uint8_t>(text[at++]);
    const size_t more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : 3;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || at + more > text.size()) {
        return false;
    }
    code_point = more == 0 ? first : first & (0x3fu >> more);
    for (size_t i = 0; i < more; ++i) {
        const auto byte = static_cast<uint8_t>(text[at++]);
        if ((byte & 0xc0) != 0x80) {
            return false;
        }
        code_point = code_point << 6 | (byte & 0x3fu);
    }
    const bool overlong = (more == 2 && code_point < 0x800) || (more == 3 && code_point < 0x10000);
    return !overlong && code_point <= 0x10ffff && (code_point < 0xd800 || code_point > 0xdfff);
}

bool is_utf8(std::string_view text) {
    uint32_t code_point = 0;
    for (size_t at = 0; at < text.size();) {
        if (!next_code_point(text, at, code_point)) {
            return false;
        }
    }
    return true;
}

bool is_printable(std::string_view text, size_t most) {
    uint32_t code_point = 0;
    size_t count = 0;
    for (size_t at = 0; at < text.size(); ++count) {
        if (!next_code_point(text, at, code_point) || is_unprintable(code_point)) {
            return false;
        }
    }
    return count <= most;
}

}  // namespace stereosync
