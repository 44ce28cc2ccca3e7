// The core's headers, as a file of Unreal must include them: Unreal has macros of ordinary names.
#pragma once

#include "CoreMinimal.h"

#pragma push_macro("check")
#pragma push_macro("verify")
#undef check
#undef verify

THIRD_PARTY_INCLUDES_START
#include "StereoSync/BoxProjector.h"
#include "StereoSync/BridgeWorker.h"
#include "StereoSync/Frame.h"
THIRD_PARTY_INCLUDES_END

#pragma pop_macro("verify")
#pragma pop_macro("check")
