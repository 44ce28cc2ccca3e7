// Lines, hexadecimal and the golden files' layout, for the test program.
#pragma once

#include <string>
#include <vector>

#include "StereoSync/Messages.h"

namespace conformance {

using stereosync::Bytes;
using stereosync::Parts;

std::vector<std::string> words_of(const std::string& line, size_t most = std::string::npos);
std::string to_hex(const Bytes& bytes);
bool from_hex(const std::string& text, Bytes& bytes);
/// uint32 number of parts, their lengths, the parts; little endian.
Bytes pack(const Parts& parts);
bool unpack(const Bytes& data, Parts& parts);
/// A number that reads back as the same double.
std::string number(double value);

}  // namespace conformance
