// A FRAME as it goes over the wire, back to the frame that a game would offer. For the test program only.
#pragma once

#include "StereoSync/Frame.h"

namespace conformance {

/// False where the parts are no FRAME that was written by a client.
bool read_frame(const stereosync::Parts& parts, stereosync::Frame& frame);
/// The ring's state that a FRAME reports; all 0 where it has none.
stereosync::Playback read_playback(const stereosync::Parts& parts);

}  // namespace conformance
