#include "StatusOverlay.h"

#include "CoreText.h"
#include "Engine/Engine.h"

namespace
{
    constexpr float KeepS = 0.5f; // long enough for a slow frame, short enough to vanish after play

    FColor ColourOf(const StereoSync::OverlayFacts& Facts)
    {
        if (!StereoSync::ToDo(Facts).empty())
        {
            return FColor::Yellow;
        }
        return Facts.bConnected ? FColor::Green : FColor::White;
    }
}

void ShowOverlay(const void* Owner, const StereoSync::OverlayFacts& Facts)
{
    if (GEngine == nullptr)
    {
        return;
    }
    uint64 Key = static_cast<uint64>(reinterpret_cast<std::uintptr_t>(Owner));
    for (const std::string& Line : StereoSync::StatusLines(Facts))
    {
        GEngine->AddOnScreenDebugMessage(Key++, KeepS, ColourOf(Facts), StereoSync::FromUtf8(Line));
    }
}
