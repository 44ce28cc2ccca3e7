#include "Fields.h"

#include <cmath>
#include <cstdio>

#include "Utf8.h"
#include "Version.h"

namespace stereosync {

namespace {

std::string short_number(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", value);
    return buffer;
}

// JavaScript sends whole numbers beyond 2^32 as floats.
bool is_whole(const Value& value) {
    return value.type == Value::Type::number && std::isfinite(value.number) && value.number == std::floor(value.number);
}

// An integer is compared as one: 2^53 + 1 would pass as a double.
bool is_within(const Value& value, Limits limits) {
    const double number = value.as_double();
    const bool exact = value.type == Value::Type::number || value.negative || value.magnitude <= static_cast<uint64_t>(limits.high);
    return exact && number >= limits.low && number <= limits.high;
}

}  // namespace

void Fields::fail(const char* code, const std::string& field, const std::string& rule) {
    if (!problem) {
        problem = WireError{code, field, rule};
    }
}

const Value* Fields::get(const char* name, bool required) {
    if (problem) {
        return nullptr;
    }
    const Value* value = map_.find(name);
    if (value == nullptr && required) {
        fail(errors::missing_field, name, "is required");
    }
    return value;
}

double Fields::read_number(const Value& value, const std::string& field, Limits limits) {
    if (value.type != Value::Type::integer && value.type != Value::Type::number) {
        fail(errors::bad_type, field, std::string("must be a number, got ") + value.type_name());
        return 0;
    }
    const double number = value.as_double();
    if (!std::isfinite(number)) {
        fail(errors::bad_value, field, "must be finite, got " + short_number(number));
    } else if (number < limits.low || number > limits.high) {
        const std::string rule = "must be " + short_number(limits.low) + " to " + short_number(limits.high);
        fail(errors::bad_value, field, rule + ", got " + short_number(number));
    }
    return number;
}

double Fields::number(const char* name, Limits limits) {
    const Value* value = get(name);
    return value == nullptr ? 0 : read_number(*value, name, limits);
}

double Fields::number_or(const char* name, Limits limits, double otherwise) {
    return has(name) ? number(name, limits) : otherwise;
}

std::optional<double> Fields::maybe_time(const char* name) {
    const Value* value = get(name, false);
    if (value == nullptr || value->type == Value::Type::nil) {
        return std::nullopt;
    }
    return read_number(*value, name, time_limits);
}

int64_t Fields::integer(const char* name, Limits limits) {
    const Value* value = get(name);
    if (value == nullptr) {
        return 0;
    }
    if (value->type != Value::Type::integer && !is_whole(*value)) {
        fail(errors::bad_type, name, std::string("must be an integer, got ") + value->type_name());
        return 0;
    }
    if (!is_within(*value, limits)) {
        const std::string rule = "must be " + short_number(limits.low) + " to " + short_number(limits.high);
        fail(errors::bad_value, name, rule + ", got " + short_number(value->as_double()));
        return 0;
    }
    return value->type == Value::Type::integer ? static_cast<int64_t>(value->magnitude) : static_cast<int64_t>(value->number);
}

int64_t Fields::integer_or(const char* name, Limits limits, int64_t otherwise) {
    return has(name) ? integer(name, limits) : otherwise;
}

bool Fields::flag(const char* name) {
    const Value* value = get(name);
    if (value != nullptr && value->type != Value::Type::flag) {
        fail(errors::bad_type, name, std::string("must be true or false, got ") + value->type_name());
    }
    return value != nullptr && value->flag;
}

std::string Fields::read_text(const Value& value, const std::string& field, size_t most) {
    if (value.type != Value::Type::text) {
        fail(errors::bad_type, field, std::string("must be text, got ") + value.type_name());
    } else if (!is_printable(value.bytes, most)) {
        fail(errors::bad_value, field, "must be printable text of at most " + std::to_string(most) + " characters");
    }
    return value.bytes;
}

std::string Fields::text(const char* name, size_t most) {
    const Value* value = get(name);
    return value == nullptr ? std::string() : read_text(*value, name, most);
}

std::string Fields::text_or(const char* name, size_t most, const char* otherwise) {
    return has(name) ? text(name, most) : std::string(otherwise);
}

std::string Fields::session(const char* name) {
    std::string value = text(name, 32);
    if (!problem && (value.size() != 32 || value.find_first_not_of("0123456789abcdef") != std::string::npos)) {
        fail(errors::bad_value, name, "must be 32 digits of 0-9a-f");
    }
    return value;
}

std::string Fields::version(const char* name) {
    std::string value = text(name, 9);
    int major = 0, minor = 0;
    if (!problem && !parse_version(value, major, minor)) {
        fail(errors::bad_value, name, "must be like 1.0, got " + value);
    }
    return value;
}

std::string Fields::version_or(const char* name, const char* otherwise) {
    return has(name) ? version(name) : std::string(otherwise);
}

const Value* Fields::table(const char* name, size_t most) {
    const Value* value = get(name);
    if (value == nullptr) {
        return nullptr;
    }
    if (value->type != Value::Type::map) {
        fail(errors::bad_type, name, std::string("must be a map, got ") + value->type_name());
        return nullptr;
    }
    std::map<std::string, int> keys;
    for (size_t i = 0; i < value->items.size(); i += 2) {
        keys[value->items[i].bytes] = 0;
    }
    if (keys.size() > most) {
        fail(errors::bad_value, name, "must hold at most " + std::to_string(most) + " entries");
        return nullptr;
    }
    for (size_t i = 0; i < value->items.size(); i += 2) {
        read_text(value->items[i], std::string(name) + " key", 64);
    }
    return problem ? nullptr : value;
}

std::map<std::string, bool> Fields::flags(const char* name, size_t most) {
    std::map<std::string, bool> found;
    const Value* map = table(name, most);
    for (size_t i = 0; map != nullptr && i < map->items.size(); i += 2) {
        const std::string& key = map->items[i].bytes;
        if (map->items[i + 1].type != Value::Type::flag) {
            fail(errors::bad_type, std::string(name) + "." + key, "must be true or false");
        }
        found[key] = map->items[i + 1].flag;
    }
    return found;
}

std::map<std::string, double> Fields::numbers(const char* name, size_t most) {
    std::map<std::string, double> found;
    const Value* map = table(name, most);
    for (size_t i = 0; map != nullptr && i < map->items.size(); i += 2) {
        const std::string& key = map->items[i].bytes;
        found[key] = read_number(map->items[i + 1], std::string(name) + "." + key, {-INFINITY, INFINITY});
    }
    return found;
}

}  // namespace stereosync
