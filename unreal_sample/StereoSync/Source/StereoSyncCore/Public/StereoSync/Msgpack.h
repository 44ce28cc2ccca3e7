// msgpack (github.com/msgpack/msgpack/blob/master/spec.md): what messages need, every type on the way in. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "StereoSync/Api.h"

namespace stereosync {

using Bytes = std::vector<uint8_t>;

/// Writes values in their shortest form; floats as float64, as the golden files have them.
class STEREOSYNCCORE_API MsgpackWriter {
public:
    Bytes bytes;

    void nil();
    void flag(bool value);
    void integer(int64_t value);
    void natural(uint64_t value);
    void number(double value);
    void text(std::string_view value);
    void binary(const uint8_t* data, size_t size);
    void extension(int8_t kind, const uint8_t* data, size_t size);
    /// The head of an array whose `count` values follow.
    void array(size_t count);
    /// The head of a map whose `count` pairs of key and value follow.
    void map(size_t count);

private:
    void head(uint8_t code, uint64_t value, int size_bytes);
    void sized(size_t size, uint8_t code8, uint8_t code16, uint8_t code32);
};

/// A value of any type. Text is UTF-8; keys of maps keep their order.
struct STEREOSYNCCORE_API Value {
    enum class Type { nil, flag, integer, number, text, binary, extension, array, map };

    Type type = Type::nil;
    bool flag = false;
    bool negative = false;      // of an integer
    uint64_t magnitude = 0;     // of an integer: the value, or its two's complement when negative
    double number = 0;
    int8_t kind = 0;            // of an extension
    std::string bytes;          // of text, binary, extension
    std::vector<Value> items;   // of an array; of a map key, value, key, value, ...

    /// The value of a map's key, the last one if it is there twice; null if there is none.
    const Value* find(std::string_view key) const;
    /// An integer or a number as double.
    double as_double() const;
    /// Its name in messages of errors.
    const char* type_name() const;
    void write(MsgpackWriter& writer) const;
};

/// Reads one value that takes all of `data`; false when it is not msgpack, too deep, or not text where keys stand.
STEREOSYNCCORE_API bool read_msgpack(const uint8_t* data, size_t size, Value& value);

}  // namespace stereosync
