// Reads a header's fields one after the other, each with its rule; the first broken rule is kept and the rest is skipped.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "StereoSync/Messages.h"

namespace stereosync {

struct Limits {
    double low, high;
};

constexpr Limits time_limits{-1e12, 1e12};
constexpr Limits count_limits{0, static_cast<double>(max_integer)};

class Fields {
public:
    explicit Fields(const Value& map) : map_(map) {}

    Problem problem;

    double number(const char* name, Limits limits);
    double number_or(const char* name, Limits limits, double otherwise);
    /// A number or nil, and nil if it is not there.
    std::optional<double> maybe_time(const char* name);
    int64_t integer(const char* name, Limits limits = count_limits);
    int64_t integer_or(const char* name, Limits limits, int64_t otherwise);
    bool flag(const char* name);
    std::string text(const char* name, size_t most);
    std::string text_or(const char* name, size_t most, const char* otherwise);
    std::string session(const char* name);
    std::string version(const char* name);
    std::string version_or(const char* name, const char* otherwise);
    std::map<std::string, bool> flags(const char* name, size_t most);
    std::map<std::string, double> numbers(const char* name, size_t most);

private:
    const Value* get(const char* name, bool required = true);
    bool has(const char* name) const { return map_.find(name) != nullptr; }
    void fail(const char* code, const std::string& field, const std::string& rule);
    double read_number(const Value& value, const std::string& field, Limits limits);
    std::string read_text(const Value& value, const std::string& field, size_t most);
    const Value* table(const char* name, size_t most);

    const Value& map_;
};

}  // namespace stereosync
