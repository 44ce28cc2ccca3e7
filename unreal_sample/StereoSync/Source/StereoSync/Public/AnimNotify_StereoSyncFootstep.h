// A moment of a clip at which a foot comes down. Game thread.
#pragma once

#include "Animation/AnimNotifies/AnimNotify.h"
#include "CoreMinimal.h"
#include "StereoSyncSide.h"

#include "AnimNotify_StereoSyncFootstep.generated.h"

/** Put one where each foot comes down: it is told up to half a second ahead while its clip plays, and once more when it is reached. */
UCLASS(meta = (DisplayName = "StereoSync Footstep"))
class STEREOSYNC_API UAnimNotify_StereoSyncFootstep : public UAnimNotify
{
    GENERATED_BODY()

public:
    /** The foot. Mirrored clips exchange the sides by themselves. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    EStereoSyncSide Side = EStereoSyncSide::Left;

    /** 0 to 1: 0.25 a soft step, 0.5 an ordinary one, 0.75 a running one. Below 0: not told. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "-1", ClampMax = "1"))
    float Strength = -1.0f;

    /** The ground's word, where the clip knows it (a splash). Empty: the ground under the foot counts. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    FString Surface;

    virtual void Notify(USkeletalMeshComponent* MeshComp, UAnimSequenceBase* Animation, const FAnimNotifyEventReference& EventReference) override;
    virtual FString GetNotifyName_Implementation() const override;
};
