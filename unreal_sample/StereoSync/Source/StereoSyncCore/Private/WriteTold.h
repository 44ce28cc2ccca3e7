// What is told, as keys of a box and of a FRAME. A key is left out where nothing is told; the map's count must know.
#pragma once

#include "StereoSync/Frame.h"

namespace stereosync {

/// How many of `feet`, `contacts` and `surface` the box tells.
size_t count_told(const BoxSpec& box);
void write_told(MsgpackWriter& writer, const BoxSpec& box);
void write_scene(MsgpackWriter& writer, const SceneSpec& scene);

}  // namespace stereosync
