// A map of a message, key by key. The count of its keys is given first, as msgpack wants it.
#pragma once

#include <optional>
#include <string_view>

#include "StereoSync/Msgpack.h"

namespace stereosync {

class MapWriter {
public:
    MapWriter(MsgpackWriter& writer, size_t count) : writer_(writer) { writer.map(count); }

    void text(const char* key, std::string_view value) {
        writer_.text(key);
        writer_.text(value);
    }
    void number(const char* key, double value) {
        writer_.text(key);
        writer_.number(value);
    }
    void integer(const char* key, int64_t value) {
        writer_.text(key);
        writer_.integer(value);
    }
    void flag(const char* key, bool value) {
        writer_.text(key);
        writer_.flag(value);
    }
    template <typename Numbers>
    void numbers(const char* key, const Numbers& values) {
        writer_.text(key);
        writer_.array(values.size());
        for (double value : values) {
            writer_.number(value);
        }
    }
    template <typename Numbers>
    void numbers_or_nil(const char* key, const std::optional<Numbers>& values) {
        if (values) {
            numbers(key, *values);
            return;
        }
        writer_.text(key);
        writer_.nil();
    }

private:
    MsgpackWriter& writer_;
};

}  // namespace stereosync
