#pragma once

#include <string>

namespace stereosync {

/// `major.minor` of at most four digits each; false where the text is something else.
bool parse_version(const std::string& text, int& major, int& minor);

}  // namespace stereosync
