// What the level says of the place where the camera is. Game thread.
#pragma once

#include "CoreClient.h"
#include "CoreMinimal.h"

class UWorld;

/** Fills in a frame's scene. @param bAmbience false: steps and their room alone, wherever the camera is */
void TellScene(stereosync::Frame& Frame, const UWorld* World, const FVector& CameraCm, bool bAmbience);
