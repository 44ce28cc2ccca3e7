// A part of a level that is told as a place. Game thread.
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/Actor.h"

#include "StereoSyncPlace.generated.h"

class UBoxComponent;

/** A box: while the camera is in it, what it says of the place is told, and wins over what is seen. Outside of every box nothing is told. */
UCLASS()
class STEREOSYNC_API AStereoSyncPlace : public AActor
{
    GENERATED_BODY()

public:
    AStereoSyncPlace();

    /** What surrounds the camera, a word that the service knows: forest, rain, city, sea, cave and others. Empty: not told. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    FString Place;

    /** A quiet place: it has a room, but no sound of its own. Place does not count then. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    bool bQuiet = false;

    /** How much of the place is heard, 0 to 1. Below 0: not told. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "-1", ClampMax = "1"))
    float Amount = -1.0f;

    /** Typical width of the room, metres; 0 outdoors. Below 0: not told. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "-1", ClampMax = "10000"))
    float RoomSizeM = -1.0f;

    /** Share of the energy that the walls give back: 0.5 a furnished room, 0.9 bare stone. Counts where the size is told. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "0", ClampMax = "1"))
    float RoomHardness = 0.7f;

    /** Off: steps and their room alone, where the game has an ambience of its own. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    bool bAmbience = true;

    /** Where boxes overlap, the highest counts. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    float Priority = 0.0f;

    /** The box; its scale and rotation count too. */
    UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "StereoSync")
    TObjectPtr<UBoxComponent> Box;

    /** The place of a world that holds a point; null where none does. */
    static const AStereoSyncPlace* At(const UWorld* World, const FVector& PointCm);

    virtual void BeginPlay() override;
    virtual void EndPlay(const EEndPlayReason::Type EndPlayReason) override;

private:
    bool Holds(const FVector& PointCm) const;
};
