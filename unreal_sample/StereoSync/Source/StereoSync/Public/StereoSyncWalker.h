// A figure that walks in a circle, made of the engine's basic shapes. Game thread.
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/Actor.h"

#include "StereoSyncWalker.generated.h"

class UStaticMesh;
class UStaticMeshComponent;
class UStereoSyncCharacterComponent;

/**
 * Walks around the place where it stands, on the ground at its own height. Its feet really stand, so that each step has a contact, and it
 * tells feet and contacts as a game can.
 */
UCLASS()
class STEREOSYNC_API AStereoSyncWalker : public AActor
{
    GENERATED_BODY()

public:
    AStereoSyncWalker();

    /** Speed of the hips, cm/s. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "0"))
    float SpeedCmPerS = 120.0f;

    /** Makes it a character. */
    UPROPERTY(VisibleAnywhere, BlueprintReadOnly, Category = "StereoSync")
    TObjectPtr<UStereoSyncCharacterComponent> Character;

    virtual void Tick(float DeltaSeconds) override;

private:
    UStaticMeshComponent* AddPart(const TCHAR* Name, UStaticMesh* Mesh);
    void Pose();
    void Tell();

    UPROPERTY()
    TArray<TObjectPtr<UStaticMeshComponent>> Parts;

    double DistanceCm = 0.0;
};
