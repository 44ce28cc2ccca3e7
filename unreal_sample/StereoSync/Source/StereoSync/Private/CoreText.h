// Texts of the engine to those of the core and back. Any thread.
#pragma once

#include "CoreMinimal.h"

#include <string>

namespace StereoSync
{
    inline std::string ToUtf8(const FString& Text)
    {
        return std::string(TCHAR_TO_UTF8(*Text));
    }

    inline FString FromUtf8(const std::string& Text)
    {
        return FString(UTF8_TO_TCHAR(Text.c_str()));
    }
}
