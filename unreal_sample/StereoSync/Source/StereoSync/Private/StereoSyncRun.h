// All that lives from BeginPlay to EndPlay. Game thread.
#pragma once

#include "Capture/FrameCapture.h"
#include "CoreClient.h"
#include "CoreMinimal.h"
#include "Pure/FramePacer.h"
#include "Pure/RateMeter.h"
#include "Pure/StatusLines.h"
#include "StereoSyncStatus.h"

#include <memory>
#include <set>
#include <string>

class AActor;
class UStereoSyncCapture;
class UStereoSyncSoundComponent;

/** How frames are to be made. */
struct FShotSettings
{
    FIntPoint SizePx; ///< 0 x 0: the size that the model sees
    double FramesPerS = 30.0;
    bool bAmbience = true;
};

/** The worker with what feeds it and what plays it. */
class FStereoSyncRun
{
public:
    /** Starts to connect. */
    FStereoSyncRun(const stereosync::ClientOptions& Options, UStereoSyncCapture& InCapture, UStereoSyncSoundComponent& InSound);

    /** Says bye; waits for the worker's thread, 1 s at most. */
    ~FStereoSyncRun();
    FStereoSyncRun(const FStereoSyncRun&) = delete;
    FStereoSyncRun& operator=(const FStereoSyncRun&) = delete;

    /** Draws a frame if one is due. @param View null: there is no camera */
    void Shoot(AActor& Owner, const FMinimalViewInfo* View, const FShotSettings& Settings);

    /** What lies between the sound generator and the ear, ms. */
    void SetDeviceLatency(double LatencyMs);

    /** Offers the frames whose pixels have come, and logs what the worker has to tell. */
    void Collect();

    /** Silence and no frames, or not. Nothing happens when it is so already. */
    void SetPaused(bool bNewPaused);

    /** The scene was cut. */
    void Reset(const FString& Reason);

    FStereoSyncStatus Status() const;

    /** The same for the overlay. */
    StereoSync::OverlayFacts Facts();

private:
    void Prepare(UStereoSyncCapture& Camera, AActor& Owner, FIntPoint NewSizePx);
    void LogNotices();
    void Log(const stereosync::Notice& Notice);

    std::shared_ptr<stereosync::BridgeWorker> Worker;
    TWeakObjectPtr<UStereoSyncCapture> Capture; // the component keeps them, but a game may destroy what it finds on an actor
    TWeakObjectPtr<UStereoSyncSoundComponent> Sound;
    std::unique_ptr<FFrameCapture> Frames;
    FIntPoint SizePx;
    StereoSync::FramePacer Pacer;
    StereoSync::RateMeter Rate;
    std::set<std::string> Said;
    std::string CannotShoot;
    bool bPaused = false;
};
