// How long sound takes from the mixer to the ear. Game thread.
#pragma once

#include "CoreMinimal.h"

class UWorld;

/** What the world's audio device keeps in its buffers, ms, by the project's settings; 0 where the engine says nothing. */
double AudioBuffersMs(const UWorld& World);
