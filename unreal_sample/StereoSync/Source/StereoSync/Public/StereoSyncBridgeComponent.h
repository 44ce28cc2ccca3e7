// The component to add to one actor of a level. Game thread.
#pragma once

#include "Components/ActorComponent.h"
#include "Containers/Ticker.h"
#include "CoreMinimal.h"
#include "GameFramework/Actor.h"
#include "StereoSyncStatus.h"

#include "StereoSyncBridgeComponent.generated.h"

class FStereoSyncRun;
class UStereoSyncCapture;
class UStereoSyncSoundComponent;
struct FMinimalViewInfo;

DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FStereoSyncStatusChanged, const FStereoSyncStatus&, Status);

/** Sends what a camera sees to the StereoSync service while the level is played, and plays what comes back. One per level is enough. */
UCLASS(ClassGroup = (StereoSync), meta = (BlueprintSpawnableComponent))
class STEREOSYNC_API UStereoSyncBridgeComponent : public UActorComponent
{
    GENERATED_BODY()

public:
    UStereoSyncBridgeComponent();

    /** Control lane of the service, tcp://HOST:PORT. stereosync-serve prints it. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    FString ServiceAddress = TEXT("tcp://127.0.0.1:5750");

    /** An actor with a camera. Empty: what the first player sees. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    TObjectPtr<AActor> TargetCamera;

    /** Size of the picture that is sent, pixels; depth has half of it. 0 x 0: what the model sees, more than which gains nothing. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    FIntPoint CaptureSize = FIntPoint(0, 0);

    /** Frames captured per second, never more than the game draws. 30 is what the model was trained with. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "1", ClampMax = "120"))
    float FramesPerSecond = 30.0f;

    /** Loudness of the sound, 1: as the model made it. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "0", ClampMax = "4"))
    float Volume = 1.0f;

    /** Off: steps and their room alone, for games that have an ambience of their own. A StereoSync Place can say so for its part of the level. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    bool bAmbience = true;

    /**
     * How long sound takes from the mixer to the ear, ms, so that it is made for the moment at which it is heard. Below 0: what the audio
     * device keeps in its buffers by the project's settings. Wireless headphones take 100 to 250 ms more, of which the engine knows nothing.
     */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, AdvancedDisplay, Category = "StereoSync", meta = (ClampMin = "-1", ClampMax = "10000"))
    float DeviceLatencyMs = -1.0f;

    /** Writes the state, the counters and what to do when nothing is heard onto the screen (not in shipping builds). */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    bool bShowOverlay = true;

    /** Allows a service on another machine without CURVE keys: everyone on that network may listen and send. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, AdvancedDisplay, Category = "StereoSync")
    bool bInsecure = false;

    /** CURVE, with libzmq only: path of this client's NAME.key_secret, made by stereosync-keys. Empty: no CURVE. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, AdvancedDisplay, Category = "StereoSync")
    FString ClientKeyFile;

    /** CURVE, with libzmq only: path of the service's server.key. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, AdvancedDisplay, Category = "StereoSync")
    FString ServerKeyFile;

    /** Called when the state or the sentence changes. */
    UPROPERTY(BlueprintAssignable, Category = "StereoSync")
    FStereoSyncStatusChanged OnStatusChanged;

    /** Silence, and no frames, until Resume. A paused game does the same by itself. */
    UFUNCTION(BlueprintCallable, Category = "StereoSync")
    void Pause();

    /** Ends Pause; the stream is made anew from what is seen now. */
    UFUNCTION(BlueprintCallable, Category = "StereoSync")
    void Resume();

    /** Tells the service that the scene was cut (another place, a teleport), so that it forgets what it saw. */
    UFUNCTION(BlueprintCallable, Category = "StereoSync")
    void ResetScene(const FString& Reason);

    /** The newest snapshot. */
    UFUNCTION(BlueprintPure, Category = "StereoSync")
    FStereoSyncStatus GetStatus() const;

    virtual void BeginPlay() override;
    virtual void EndPlay(const EEndPlayReason::Type EndPlayReason) override;
    virtual void TickComponent(float DeltaTime, ELevelTick TickType, FActorComponentTickFunction* ThisTickFunction) override;

private:
    bool TickEngine(float DeltaTime);
    bool FindView(float DeltaTime, FMinimalViewInfo& View) const;
    bool IsPauseWanted() const;
    void ReportStatus();

    UPROPERTY(Transient)
    TObjectPtr<UStereoSyncCapture> Capture;

    UPROPERTY(Transient)
    TObjectPtr<UStereoSyncSoundComponent> Sound;

    TSharedPtr<FStereoSyncRun> Run;
    FTSTicker::FDelegateHandle EngineTicker;
    FStereoSyncStatus Reported;
    bool bPausedByGame = false;
};
