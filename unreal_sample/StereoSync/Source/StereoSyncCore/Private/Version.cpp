#include "Version.h"

namespace stereosync {

namespace {

bool all_digits(const std::string& text) {
    if (text.empty() || text.size() > 4) {
        return false;
    }
    for (char letter : text) {
        if (letter < '0' || letter > '9') {
            return false;
        }
    }
    return true;
}

int to_int(const std::string& digits) {
    int value = 0;
    for (char letter : digits) {
        value = 10 * value + (letter - '0');
    }
    return value;
}

}  // namespace

bool parse_version(const std::string& text, int& major, int& minor) {
    const size_t dot = text.find('.');
    if (dot == std::string::npos || !all_digits(text.substr(0, dot)) || !all_digits(text.substr(dot + 1))) {
        return false;
    }
    major = to_int(text.substr(0, dot));
    minor = to_int(text.substr(dot + 1));
    return true;
}

}  // namespace stereosync
