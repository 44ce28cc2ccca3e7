#include "StereoSyncRun.h"

#include "Camera/CameraTypes.h"
#include "Capture/SceneTold.h"
#include "Capture/StereoSyncCapture.h"
#include "CoreText.h"
#include "GameFramework/Actor.h"
#include "Misc/App.h"
#include "Pure/CameraGeometry.h"
#include "StereoSyncLog.h"
#include "StereoSyncSoundComponent.h"

namespace
{
    constexpr int32 UsualWidthPx = 320, UsualHeightPx = 180;
    constexpr int32 LeastPx = 16, MostPx = 2048; // the most that the wire allows

    FIntPoint SizeFor(FIntPoint WishedPx, const stereosync::BridgeStatus& Status)
    {
        const bool bModelKnows = Status.picture_width_px > 0 && Status.picture_height_px > 0;
        FIntPoint Px(UsualWidthPx, UsualHeightPx);
        if (WishedPx.X > 0 && WishedPx.Y > 0)
        {
            Px = WishedPx;
        }
        else if (bModelKnows)
        {
            Px = FIntPoint(static_cast<int32>(Status.picture_width_px), static_cast<int32>(Status.picture_height_px));
        }
        return FIntPoint(FMath::Clamp(Px.X, LeastPx, MostPx), FMath::Clamp(Px.Y, LeastPx, MostPx));
    }

    /// Why this view cannot be captured; empty if it can.
    std::string WhyNot(const FMinimalViewInfo* View, FIntPoint SizePx)
    {
        if (!FApp::CanEverRender())
        {
            return "This process draws nothing (a dedicated server, or -nullrhi), so no frame is sent: play where pictures are drawn.";
        }
        if (View == nullptr)
        {
            return "There is no camera, so no frame is sent: set Target Camera, or let a player possess something.";
        }
        if (View->ProjectionMode != ECameraProjectionMode::Perspective)
        {
            return "The camera is orthographic, so no frame is sent: the model knows perspective cameras only.";
        }
        const bool bAllowed = StereoSync::IsFovAllowed(View->FOV, static_cast<double>(SizePx.X) / SizePx.Y);
        return bAllowed ? "" : "The camera's field of view is not above 1 and below 179 degrees along both axes, so no frame is sent: "
                               "set another.";
    }
}

FStereoSyncRun::FStereoSyncRun(const stereosync::ClientOptions& Options, UStereoSyncCapture& InCapture, UStereoSyncSoundComponent& InSound)
    : Worker(std::make_shared<stereosync::BridgeWorker>(Options))
    , Capture(&InCapture)
    , Sound(&InSound)
{
    Worker->start();
    InSound.SetWorker(Worker);
    InSound.Start();
}

FStereoSyncRun::~FStereoSyncRun()
{
    if (UStereoSyncSoundComponent* Player = Sound.Get())
    {
        Player->Stop();
        Player->SetWorker(nullptr);
    }
    Frames.reset();
    if (UStereoSyncCapture* Camera = Capture.Get())
    {
        Camera->Remove();
    }
    Worker->stop();
}

void FStereoSyncRun::Shoot(AActor& Owner, const FMinimalViewInfo* View, const FShotSettings& Settings)
{
    const stereosync::BridgeStatus Status = Worker->status();
    UStereoSyncCapture* Camera = Capture.Get();
    if (bPaused || Camera == nullptr || Status.state != stereosync::BridgeState::connected)
    {
        return;
    }
    const FIntPoint Px = SizeFor(Settings.SizePx, Status);
    CannotShoot = WhyNot(View, Px);
    const double NowS = Worker->now_s();
    if (!CannotShoot.empty() || !Pacer.IsDue(NowS, FMath::Max(1.0, Settings.FramesPerS)))
    {
        return;
    }
    Prepare(*Camera, Owner, Px);
    if (Frames->HasRoom())
    {
        stereosync::FramePtr Frame = Worker->rent_frame();
        Frame->capture_client_s = NowS;
        TellScene(*Frame, Owner.GetWorld(), View->Location, Settings.bAmbience);
        Frames->Shoot(MoveTemp(Frame), *Camera, *View, Owner.GetWorld());
    }
}

void FStereoSyncRun::Prepare(UStereoSyncCapture& Camera, AActor& Owner, FIntPoint NewSizePx)
{
    if (Frames != nullptr && NewSizePx == SizePx)
    {
        return;
    }
    SizePx = NewSizePx;
    Camera.Prepare(Owner, SizePx);
    Frames = std::make_unique<FFrameCapture>();
}

void FStereoSyncRun::Collect()
{
    if (Frames != nullptr)
    {
        Frames->Collect(Worker->now_s(),
            [this](stereosync::FramePtr Frame)
            {
                Worker->offer(MoveTemp(Frame));
            });
    }
    LogNotices();
}

void FStereoSyncRun::SetDeviceLatency(double LatencyMs)
{
    Worker->set_device_latency(LatencyMs);
}

void FStereoSyncRun::SetPaused(bool bNewPaused)
{
    if (bNewPaused == bPaused)
    {
        return;
    }
    bPaused = bNewPaused;
    if (bPaused)
    {
        Worker->pause();
    }
    else
    {
        Worker->resume();
    }
}

void FStereoSyncRun::Reset(const FString& Reason)
{
    Worker->reset(StereoSync::ToUtf8(Reason));
}

void FStereoSyncRun::LogNotices()
{
    stereosync::Notice Notice;
    while (Worker->take_notice(Notice))
    {
        Log(Notice);
    }
}

/// The same sentence is said once until a session begins.
void FStereoSyncRun::Log(const stereosync::Notice& Notice)
{
    const FString Text = StereoSync::FromUtf8(Notice.text);
    if (Notice.kind == stereosync::Notice::Kind::connected)
    {
        Said.clear();
        UE_LOG(LogStereoSync, Display, TEXT("%s"), *Text);
    }
    else if (!Said.insert(Notice.text).second)
    {
        return;
    }
    else if (Notice.kind == stereosync::Notice::Kind::error)
    {
        UE_LOG(LogStereoSync, Error, TEXT("%s"), *Text);
    }
    else
    {
        UE_LOG(LogStereoSync, Warning, TEXT("%s"), *Text);
    }
}
