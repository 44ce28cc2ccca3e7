#include <cstring>

#include "StereoSync/Msgpack.h"

namespace stereosync {

void MsgpackWriter::head(uint8_t code, uint64_t value, int size_bytes) {
    uint8_t made[9] = {code};
    for (int i = 1; i <= size_bytes; ++i) {
        made[i] = static_cast<uint8_t>(value >> 8 * (size_bytes - i));
    }
    bytes.insert(bytes.end(), made, made + 1 + size_bytes);
}

void MsgpackWriter::sized(size_t size, uint8_t code8, uint8_t code16, uint8_t code32) {
    if (code8 != 0 && size < 0x100) {
        head(code8, size, 1);
    } else if (size < 0x10000) {
        head(code16, size, 2);
    } else {
        head(code32, size, 4);
    }
}

void MsgpackWriter::nil() { bytes.push_back(0xc0); }

void MsgpackWriter::flag(bool value) { bytes.push_back(value ? 0xc3 : 0xc2); }

void MsgpackWriter::natural(uint64_t value) {
    if (value < 0x80) {
        bytes.push_back(static_cast<uint8_t>(value));
    } else if (value < 0x100) {
        head(0xcc, value, 1);
    } else if (value < 0x10000) {
        head(0xcd, value, 2);
    } else if (value < 0x100000000) {
        head(0xce, value, 4);
    } else {
        head(0xcf, value, 8);
    }
}

void MsgpackWriter::integer(int64_t value) {
    const auto bits = static_cast<uint64_t>(value);
    if (value >= 0) {
        natural(bits);
    } else if (value >= -32) {
        bytes.push_back(static_cast<uint8_t>(bits));
    } else if (value >= INT8_MIN) {
        head(0xd0, bits, 1);
    } else if (value >= INT16_MIN) {
        head(0xd1, bits, 2);
    } else if (value >= INT32_MIN) {
        head(0xd2, bits, 4);
    } else {
        head(0xd3, bits, 8);
    }
}

void MsgpackWriter::number(double value) {
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    head(0xcb, bits, 8);
}

void MsgpackWriter::text(std::string_view value) {
    if (value.size() < 32) {
        bytes.push_back(static_cast<uint8_t>(0xa0 | value.size()));
    } else {
        sized(value.size(), 0xd9, 0xda, 0xdb);
    }
    bytes.insert(bytes.end(), value.begin(), value.end());
}

void MsgpackWriter::binary(const uint8_t* data, size_t size) {
    sized(size, 0xc4, 0xc5, 0xc6);
    bytes.insert(bytes.end(), data, data + size);
}

void MsgpackWriter::extension(int8_t kind, const uint8_t* data, size_t size) {
    const bool fixed = size == 1 || size == 2 || size == 4 || size == 8 || size == 16;
    if (fixed) {
        bytes.push_back(static_cast<uint8_t>(0xd4 + (size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : size == 8 ? 3 : 4)));
    } else {
        sized(size, 0xc7, 0xc8, 0xc9);
    }
    bytes.push_back(static_cast<uint8_t>(kind));
    bytes.insert(bytes.end(), data, data + size);
}

void MsgpackWriter::array(size_t count) {
    if (count < 16) {
        bytes.push_back(static_cast<uint8_t>(0x90 | count));
    } else {
        sized(count, 0, 0xdc, 0xdd);
    }
}

void MsgpackWriter::map(size_t count) {
    if (count < 16) {
        bytes.push_back(static_cast<uint8_t>(0x80 | count));
    } else {
        sized(count, 0, 0xde, 0xdf);
    }
}

}  // namespace stereosync
