// A FRAME as it goes over the wire, back to the frame that a game would offer. For the test program only.
#pragma once

#include "StereoSync/Frame.h"

namespace conformance {

/// False where the parts are no FRAME that was written by a client.
bool read_frame(const stereosync::Parts& parts, stereosync::Frame& frame);

}  // namespace conformance
