// From a view to frames that can be offered. Game thread.
#pragma once

#include "Capture/PendingPixels.h"
#include "Character/CharacterBoxes.h"
#include "CoreMinimal.h"
#include "Pure/ToldLine.h"

#include <functional>
#include <string>

class UStereoSyncCapture;
class UWorld;
struct FMinimalViewInfo;

/** Draws, stamps boxes and camera, asks for the pixels back, and hands the frame on when they have come. For one size of pictures. */
class FFrameCapture
{
public:
    /** Frames whose pixels may be on their way at once. */
    static constexpr int MostInFlight = 2;

    FFrameCapture();
    ~FFrameCapture();
    FFrameCapture(const FFrameCapture&) = delete;
    FFrameCapture& operator=(const FFrameCapture&) = delete;

    /** Whether another frame can be asked for. */
    bool HasRoom() const;

    /** Asks for a frame of what this view shows. The frame has only its time, which is that of now, and its scene. Only when there is room. */
    void Shoot(stereosync::FramePtr Frame, UStereoSyncCapture& Capture, const FMinimalViewInfo& View, const UWorld* World);

    /** Hands on, in order, the frames that are whole by now, and lets the render thread look for more. */
    void Collect(double NowS, const std::function<void(stereosync::FramePtr)>& Offer);

    /** Frames whose pixels never came. */
    int64 Failed() const;

    /** Boxes of the newest frame. */
    int Characters() const;

    /** What the newest frame tells. */
    const StereoSync::ToldFacts& Told() const;

    /** Why nothing, or not all, is captured, one sentence; empty if all is well. */
    std::string Fault() const;

private:
    struct FShot
    {
        FPendingPixels::FRef Pixels;
        int64 Index = 0;
        double AskedS = 0.0;
    };

    int IdleShot() const;
    FShot* OldestDone();
    void HandOn(FShot& Shot, const std::function<void(stereosync::FramePtr)>& Offer);

    FShot Shots[MostInFlight];
    FCharacterBoxes Boxes;
    int64 NextIndex = 0;
    int64 NewestIndex = -1;
    int64 FailedCount = 0;
    int NewestBoxes = 0;
    StereoSync::ToldFacts NewestTold;
    bool bStuck = false;
};
