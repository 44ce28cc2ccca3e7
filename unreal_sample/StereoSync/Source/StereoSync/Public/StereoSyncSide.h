// Left and right, for Blueprints too.
#pragma once

#include "CoreMinimal.h"

#include "StereoSyncSide.generated.h"

/** Which foot. */
UENUM(BlueprintType)
enum class EStereoSyncSide : uint8
{
    Left,
    Right
};
