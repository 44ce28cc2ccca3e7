// A whole scene for an empty level. Game thread.
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/GameModeBase.h"

#include "StereoSyncSampleGameMode.generated.h"

/** Makes a floor, a light, a camera, a walker and a bridge when play begins: choose it as the game mode of an empty level. */
UCLASS()
class STEREOSYNC_API AStereoSyncSampleGameMode : public AGameModeBase
{
    GENERATED_BODY()

public:
    AStereoSyncSampleGameMode();

    virtual void StartPlay() override;

private:
    void AddFloor();
    void AddLight();
    void AddBridge();
    void LookFrom(const FVector& Place, const FVector& Target);
};
