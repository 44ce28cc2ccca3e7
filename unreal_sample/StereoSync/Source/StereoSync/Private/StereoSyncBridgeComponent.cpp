#include "StereoSyncBridgeComponent.h"

#include "AudioBuffers.h"
#include "Camera/CameraTypes.h"
#include "Camera/PlayerCameraManager.h"
#include "Capture/StereoSyncCapture.h"
#include "ClientSettings.h"
#include "CoreText.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "GameFramework/PlayerController.h"
#include "StatusOverlay.h"
#include "StereoSyncLog.h"
#include "StereoSyncRun.h"
#include "StereoSyncSoundComponent.h"

UStereoSyncBridgeComponent::UStereoSyncBridgeComponent()
{
    PrimaryComponentTick.bCanEverTick = true;
    PrimaryComponentTick.TickGroup = TG_PostUpdateWork; // after everything has moved, the camera too
}

void UStereoSyncBridgeComponent::BeginPlay()
{
    Super::BeginPlay();
    if (IsRunningDedicatedServer())
    {
        return; // nobody sees or hears anything here
    }
    stereosync::ClientOptions Options;
    std::string Complaint;
    if (!ReadSettings(*this, Options, Complaint))
    {
        Reported.State = EStereoSyncState::Refused;
        Reported.Text = StereoSync::FromUtf8(Complaint);
        UE_LOG(LogStereoSync, Error, TEXT("%s"), *Reported.Text);
        return;
    }
    Capture = NewObject<UStereoSyncCapture>(this);
    Sound = NewObject<UStereoSyncSoundComponent>(GetOwner());
    Sound->RegisterComponent();
    Run = MakeShared<FStereoSyncRun>(Options, *Capture, *Sound);
    EngineTicker = FTSTicker::GetCoreTicker().AddTicker(FTickerDelegate::CreateUObject(this, &UStereoSyncBridgeComponent::TickEngine));
}

void UStereoSyncBridgeComponent::EndPlay(const EEndPlayReason::Type EndPlayReason)
{
    FTSTicker::RemoveTicker(EngineTicker);
    Run.Reset();
    if (IsValid(Sound.Get()))
    {
        Sound->DestroyComponent();
    }
    Sound = nullptr;
    Capture = nullptr;
    Reported = FStereoSyncStatus();
    Super::EndPlay(EndPlayReason);
}

void UStereoSyncBridgeComponent::TickComponent(float DeltaTime, ELevelTick TickType, FActorComponentTickFunction* ThisTickFunction)
{
    Super::TickComponent(DeltaTime, TickType, ThisTickFunction);
    if (!Run.IsValid())
    {
        return;
    }
    FMinimalViewInfo View;
    const bool bSeen = FindView(DeltaTime, View);
    Run->Collect();
    Run->Shoot(*GetOwner(), bSeen ? &View : nullptr, {CaptureSize, FramesPerSecond, bAmbience});
}

bool UStereoSyncBridgeComponent::FindView(float DeltaTime, FMinimalViewInfo& View) const
{
    if (IsValid(TargetCamera.Get()))
    {
        TargetCamera->CalcCamera(DeltaTime, View);
        return true;
    }
    const APlayerController* Player = GetWorld()->GetFirstPlayerController();
    if (Player == nullptr || Player->PlayerCameraManager == nullptr)
    {
        return false;
    }
    View = Player->PlayerCameraManager->GetCameraCacheView();
    return true;
}

/// Goes on while the world stands still, so that a pause is noticed at once, in the editor too.
bool UStereoSyncBridgeComponent::TickEngine(float)
{
    if (!Run.IsValid())
    {
        return true;
    }
    Run->SetPaused(IsPauseWanted());
    Run->SetDeviceLatency(DeviceLatencyMs < 0.0f ? AudioBuffersMs(*GetWorld()) : DeviceLatencyMs);
    Run->Collect();
    if (IsValid(Sound.Get()))
    {
        Sound->SetVolumeMultiplier(Volume);
    }
    ReportStatus();
    if (bShowOverlay)
    {
        ShowOverlay(this, Run->Facts());
    }
    return true;
}

bool UStereoSyncBridgeComponent::IsPauseWanted() const
{
    return bPausedByGame || GetWorld()->IsPaused(); // the editor's pause button counts too
}

void UStereoSyncBridgeComponent::ReportStatus()
{
    const FStereoSyncStatus Before = Reported;
    Reported = Run->Status();
    if (Before.State != Reported.State || Before.bPaused != Reported.bPaused || Before.Text != Reported.Text)
    {
        OnStatusChanged.Broadcast(Reported);
    }
}

void UStereoSyncBridgeComponent::Pause()
{
    bPausedByGame = true;
}

void UStereoSyncBridgeComponent::Resume()
{
    bPausedByGame = false;
}

void UStereoSyncBridgeComponent::ResetScene(const FString& Reason)
{
    if (Run.IsValid())
    {
        Run->Reset(Reason);
    }
}

FStereoSyncStatus UStereoSyncBridgeComponent::GetStatus() const
{
    return Run.IsValid() ? Run->Status() : Reported;
}
