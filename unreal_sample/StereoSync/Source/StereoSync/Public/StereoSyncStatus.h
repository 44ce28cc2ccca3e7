// What Blueprints see of a bridge. Plain data; game thread.
#pragma once

#include "CoreMinimal.h"

#include "StereoSyncStatus.generated.h"

/** Where a bridge stands. */
UENUM(BlueprintType)
enum class EStereoSyncState : uint8
{
    /** Not playing. */
    Stopped,
    /** No session yet, or none any more; another is tried for. */
    Connecting,
    /** The service welcomed this client. */
    Connected,
    /** The service refused, or an option is wrong; nothing more is tried. Text says why. */
    Refused
};

/** A snapshot of a bridge. */
USTRUCT(BlueprintType)
struct STEREOSYNC_API FStereoSyncStatus
{
    GENERATED_BODY()

    /** Where the bridge stands. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    EStereoSyncState State = EStereoSyncState::Stopped;

    /** Whether the bridge is paused. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    bool bPaused = false;

    /** A sentence for a person: what goes on, and if something is wrong, what to do. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    FString Text;

    /** Name of the model that makes the sound; empty before the session. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    FString Bundle;

    /** Sound that waits to be played, ms. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    float BufferedMs = 0.0f;

    /** Age of the newest frame when the newest chunk's first sample is heard, ms, as the service expects. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    float ChunkAgeMs = 0.0f;

    /** Shortest recent round trip to the service, ms. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    float RoundTripMs = 0.0f;

    /** Times at which the sound ran out. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    int64 Underruns = 0;

    /** Frames that were sent. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    int64 FramesSent = 0;

    /** Frames that a newer one replaced before they were sent. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    int64 FramesReplaced = 0;

    /** Characters in the newest frame. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    int32 Characters = 0;

    /** Feet that the newest frame tells, of all characters. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    int32 ToldFeet = 0;

    /** Contacts that it tells. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    int32 ToldContacts = 0;

    /** The first ground that it tells; empty: none. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    FString ToldGround;

    /** The place that it tells; empty: none. */
    UPROPERTY(BlueprintReadOnly, Category = "StereoSync")
    FString ToldPlace;
};
