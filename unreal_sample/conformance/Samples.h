// The messages of the golden files that a client writes, built from the client's own types.
#pragma once

#include <string>

#include "StereoSync/Frame.h"

namespace conformance {

constexpr const char* golden_session = "0123456789abcdef0123456789abcdef";

void fill_plain(stereosync::Frame& frame);
void fill_engine(stereosync::Frame& frame);
void fill_told(stereosync::Frame& frame);
/// The frame as captured at another time; its contacts move with it.
void move_to(stereosync::Frame& frame, double capture_client_s);
/// The parts of a message that a client writes; empty for another name.
stereosync::Parts sample(const std::string& name);

}  // namespace conformance
