// The plugin's category in the output log. Any thread.
#pragma once

#include "CoreMinimal.h"
#include "Logging/LogMacros.h"

DECLARE_LOG_CATEGORY_EXTERN(LogStereoSync, Log, All);
