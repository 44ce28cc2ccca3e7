#include "FrameRules.h"

namespace stereosync {

Problem Playback::problem() const {
    const std::pair<const char*, int64_t> counts[] = {{"played_samples", played_samples}, {"underruns", underruns}, {"epoch", epoch}};
    for (const auto& [name, count] : counts) {
        if (count < 0 || count > max_integer) {
            return bad_value(name, "must be 0 to 2^53");
        }
    }
    if (!inside(buffered_ms, 0, 60000)) {
        return bad_value("buffered_ms", "must be 0 to 60000");
    }
    return inside(device_ms, 0, 10000) ? Problem() : bad_value("device_ms", "must be 0 to 10000");
}

}  // namespace stereosync
