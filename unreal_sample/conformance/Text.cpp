#include "Text.h"

#include <cstdio>

namespace conformance {

namespace {

void add_uint32(Bytes& out, size_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<uint8_t>(value >> shift));
    }
}

bool take_uint32(const Bytes& data, size_t& at, size_t& value) {
    if (data.size() - at < 4) {
        return false;
    }
    value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        value |= static_cast<size_t>(data[at++]) << shift;
    }
    return true;
}

int digit(char letter) {
    return letter >= '0' && letter <= '9' ? letter - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

std::vector<std::string> words_of(const std::string& line, size_t most) {
    std::vector<std::string> words;
    size_t at = 0;
    while (at < line.size()) {
        const size_t space = words.size() + 1 == most ? std::string::npos : line.find(' ', at);
        words.push_back(line.substr(at, space - at));
        at = space == std::string::npos ? line.size() : space + 1;
    }
    return words;
}

std::string to_hex(const Bytes& bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (uint8_t byte : bytes) {
        text.push_back("0123456789abcdef"[byte >> 4]);
        text.push_back("0123456789abcdef"[byte & 15]);
    }
    return text;
}

bool from_hex(const std::string& text, Bytes& bytes) {
    bytes.clear();
    for (size_t i = 0; i + 1 < text.size(); i += 2) {
        if (digit(text[i]) < 0 || digit(text[i + 1]) < 0) {
            return false;
        }
        bytes.push_back(static_cast<uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
    }
    return text.size() % 2 == 0;
}

Bytes pack(const Parts& parts) {
    Bytes data;
    add_uint32(data, parts.size());
    for (const Bytes& part : parts) {
        add_uint32(data, part.size());
    }
    for (const Bytes& part : parts) {
        data.insert(data.end(), part.begin(), part.end());
    }
    return data;
}

bool unpack(const Bytes& data, Parts& parts) {
    size_t at = 0, count = 0;
    parts.clear();
    if (!take_uint32(data, at, count) || count > (data.size() - at) / 4) {
        return false;
    }
    std::vector<size_t> sizes(count);
    for (size_t& size : sizes) {
        take_uint32(data, at, size);
    }
    for (size_t size : sizes) {
        if (size > data.size() - at) {
            return false;
        }
        parts.emplace_back(data.begin() + static_cast<std::ptrdiff_t>(at), data.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
    }
    return at == data.size();
}

std::string number(double value) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.17g", value);
    return buffer;
}

}  // namespace conformance
