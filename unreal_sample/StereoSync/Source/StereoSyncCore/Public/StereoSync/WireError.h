// A broken rule of bridge/PROTOCOL.md as a value, because Unreal builds without exceptions.
#pragma once

#include <optional>
#include <string>

namespace stereosync {

/// A message breaks a rule: `code` for programs, `field` and `rule` for people.
struct WireError {
    std::string code;
    std::string field;
    std::string rule;

    /// The field and its rule as a sentence.
    std::string text() const { return field.empty() ? rule : field + ": " + rule; }

    /// The same error with its field named from one level further up.
    WireError under(const std::string& parent) const {
        return {code, field.empty() ? parent : parent + "." + field, rule};
    }
};

/// Nothing, or what is wrong.
using Problem = std::optional<WireError>;

namespace errors {
constexpr const char* bad_header = "bad_header";
constexpr const char* unknown_type = "unknown_type";
constexpr const char* missing_field = "missing_field";
constexpr const char* bad_type = "bad_type";
constexpr const char* bad_value = "bad_value";
constexpr const char* bad_length = "bad_length";
constexpr const char* wrong_version = "wrong_version";
constexpr const char* hello_first = "hello_first";
constexpr const char* unknown_session = "unknown_session";
constexpr const char* server_full = "server_full";
constexpr const char* frames_lost = "frames_lost";
}  // namespace errors

}  // namespace stereosync
