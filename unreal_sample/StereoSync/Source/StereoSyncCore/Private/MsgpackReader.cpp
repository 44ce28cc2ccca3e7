#include <algorithm>
#include <cstring>

#include "StereoSync/Msgpack.h"
#include "Utf8.h"

namespace stereosync {

namespace {

constexpr int max_depth = 1024;
constexpr int8_t timestamp = -1;
constexpr uint64_t nanoseconds_per_s = 1000000000;

// A declared count costs nothing before its bytes have been seen: every value takes at least one.
class Reader {
public:
    Reader(const uint8_t* data, size_t size) : data_(data), left_(size) {}

    bool ended() const { return left_ == 0; }

    bool read(Value& value, int depth) {
        uint64_t code = 0;
        if (depth > max_depth || !take(1, code)) {
            return false;
        }
        if (code < 0x80) {
            return natural(value, code);
        }
        if (code < 0x90) {
            return map(value, code & 15, depth);
        }
        if (code < 0xa0) {
            return array(value, code & 15, depth);
        }
        if (code < 0xc0) {
            return raw(value, Value::Type::text, code & 31);
        }
        return code >= 0xe0 ? negative(value, code, 1) : coded(value, code, depth);
    }

private:
    bool take(int count, uint64_t& number) {
        if (left_ < static_cast<size_t>(count)) {
            return false;
        }
        number = 0;
        for (int i = 0; i < count; ++i) {
            number = number << 8 | *data_++;
        }
        left_ -= static_cast<size_t>(count);
        return true;
    }

    bool coded(Value& value, uint64_t code, int depth) {
        if (code <= 0xc3) {
            value.type = code == 0xc0 ? Value::Type::nil : Value::Type::flag;
            value.flag = code == 0xc3;
            return code != 0xc1;
        }
        if (code >= 0xc4 && code <= 0xc9) {
            const int bytes = 1 << ((code - 0xc4) % 3);
            return counted(value, bytes, code <= 0xc6 ? Value::Type::binary : Value::Type::extension);
        }
        if (code <= 0xcb) {
            return floating(value, code == 0xca ? 4 : 8);
        }
        if (code <= 0xd3) {
            return integer(value, code);
        }
        if (code <= 0xd8) {
            return extension(value, uint64_t{1} << (code - 0xd4));
        }
        if (code <= 0xdb) {
            return counted(value, 1 << (code - 0xd9), Value::Type::text);
        }
        uint64_t count = 0;
        if (!take(code % 2 == 0 ? 2 : 4, count)) {
            return false;
        }
        return code <= 0xdd ? array(value, count, depth) : map(value, count, depth);
    }

    bool integer(Value& value, uint64_t code) {
        const int bytes = 1 << ((code - 0xcc) % 4);
        uint64_t bits = 0;
        if (!take(bytes, bits)) {
            return false;
        }
        const bool is_negative = code >= 0xd0 && (bits >> (8 * bytes - 1)) != 0;
        return is_negative ? negative(value, bits, bytes) : natural(value, bits);
    }

    static bool natural(Value& value, uint64_t bits) {
        value.type = Value::Type::integer;
        value.magnitude = bits;
        return true;
    }

    static bool negative(Value& value, uint64_t bits, int bytes) {
        value.type = Value::Type::integer;
        value.negative = true;
        value.magnitude = bytes == 8 ? bits : bits | ~uint64_t{0} << (8 * bytes);
        return true;
    }

    bool floating(Value& value, int bytes) {
        uint64_t bits = 0;
        if (!take(bytes, bits)) {
            return false;
        }
        value.type = Value::Type::number;
        if (bytes == 8) {
            std::memcpy(&value.number, &bits, sizeof bits);
            return true;
        }
        const auto short_bits = static_cast<uint32_t>(bits);
        float single = 0;
        std::memcpy(&single, &short_bits, sizeof single);
        value.number = static_cast<double>(single);
        return true;
    }

    bool counted(Value& value, int bytes, Value::Type type) {
        uint64_t count = 0;
        if (!take(bytes, count)) {
            return false;
        }
        return type == Value::Type::extension ? extension(value, count) : raw(value, type, count);
    }

    bool extension(Value& value, uint64_t count) {
        uint64_t kind = 0;
        if (!take(1, kind)) {
            return false;
        }
        value.kind = static_cast<int8_t>(kind);
        return raw(value, Value::Type::extension, count) && (value.kind >= 0 || is_timestamp(value));
    }

    // The one extension that the format itself defines; other negative kinds are reserved.
    static bool is_timestamp(const Value& value) {
        uint64_t head = 0;
        for (size_t i = 0; i < std::min<size_t>(value.bytes.size(), 4); ++i) {
            head = head << 8 | static_cast<uint8_t>(value.bytes[i]);
        }
        const size_t size = value.bytes.size();
        const uint64_t nanoseconds = size == 8 ? head >> 2 : size == 12 ? head : 0;
        return value.kind == timestamp && (size == 4 || size == 8 || size == 12) && nanoseconds < nanoseconds_per_s;
    }

    bool raw(Value& value, Value::Type type, uint64_t count) {
        if (count > left_) {
            return false;
        }
        value.type = type;
        value.bytes.assign(reinterpret_cast<const char*>(data_), static_cast<size_t>(count));
        data_ += count;
        left_ -= static_cast<size_t>(count);
        return type != Value::Type::text || is_utf8(value.bytes);
    }

    bool array(Value& value, uint64_t count, int depth) {
        value.type = Value::Type::array;
        return values(value, count, depth);
    }

    bool map(Value& value, uint64_t count, int depth) {
        value.type = Value::Type::map;
        if (!values(value, 2 * count, depth)) {
            return false;
        }
        for (size_t i = 0; i < value.items.size(); i += 2) {
            const Value::Type type = value.items[i].type;
            if (type != Value::Type::text && type != Value::Type::binary) {
                return false;
            }
        }
        return true;
    }

    bool values(Value& value, uint64_t count, int depth) {
        if (count > left_) {
            return false;
        }
        for (uint64_t i = 0; i < count; ++i) {
            value.items.emplace_back();
            if (!read(value.items.back(), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    const uint8_t* data_;
    size_t left_;
};

}  // namespace

bool read_msgpack(const uint8_t* data, size_t size, Value& value) {
    Reader reader(data, size);
    value = Value();
    return reader.read(value, 0) && reader.ended();
}

const Value* Value::find(std::string_view key) const {
    for (size_t i = items.size(); type == Type::map && i >= 2; i -= 2) {
        if (items[i - 2].type == Type::text && items[i - 2].bytes == key) {
            return &items[i - 1];
        }
    }
    return nullptr;
}

double Value::as_double() const {
    if (type == Type::number) {
        return number;
    }
    return negative ? static_cast<double>(static_cast<int64_t>(magnitude)) : static_cast<double>(magnitude);
}

const char* Value::type_name() const {
    constexpr const char* names[] = {"nil", "flag", "integer", "number", "text", "binary", "extension", "array", "map"};
    return names[static_cast<int>(type)];
}

void Value::write(MsgpackWriter& writer) const {
    const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
    switch (type) {
        case Type::nil: writer.nil(); break;
        case Type::flag: writer.flag(flag); break;
        case Type::integer: negative ? writer.integer(static_cast<int64_t>(magnitude)) : writer.natural(magnitude); break;
        case Type::number: writer.number(number); break;
        case Type::text: writer.text(bytes); break;
        case Type::binary: writer.binary(data, bytes.size()); break;
        case Type::extension: writer.extension(kind, data, bytes.size()); break;
        case Type::array: writer.array(items.size()); break;
        case Type::map: writer.map(items.size() / 2); break;
    }
    for (const Value& item : items) {
        item.write(writer);
    }
}

}  // namespace stereosync
