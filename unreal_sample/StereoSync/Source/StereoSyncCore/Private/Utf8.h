// UTF-8 (RFC 3629): what is valid, and what Python calls printable, nearly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stereosync {

/// The code point at `at`, which then stands behind it; false where the bytes are not UTF-8.
bool next_code_point(std::string_view text, size_t& at, uint32_t& code_point);

bool is_utf8(std::string_view text);

/// Whether text is valid, printable, and has at most `most` characters.
bool is_printable(std::string_view text, size_t most);

}  // namespace stereosync
