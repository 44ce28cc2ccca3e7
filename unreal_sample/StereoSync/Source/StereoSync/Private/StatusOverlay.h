// Writes the state onto the screen. Game thread.
#pragma once

#include "CoreMinimal.h"
#include "Pure/StatusLines.h"

/** One block of lines per owner, which replaces itself. The engine draws it in all but shipping builds. */
void ShowOverlay(const void* Owner, const StereoSync::OverlayFacts& Facts);
