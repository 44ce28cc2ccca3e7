// Marks an actor as a character that is heard. Game thread.
#pragma once

#include "Components/ActorComponent.h"
#include "CoreMinimal.h"

#include "StereoSyncCharacterComponent.generated.h"

/** What a character's box is drawn around. */
UENUM(BlueprintType)
enum class EStereoSyncBoxMode : uint8
{
    /** Bodies for skeletal meshes that have a physics asset, Bones for those that have none, and Parts for static meshes. */
    Automatic,
    /** The corners of every static mesh's own box. Tight. */
    Parts,
    /** Skeletal meshes: the corners of each body of the physics asset, bone by bone. Tight, as far as the bodies fit the mesh. */
    Bodies,
    /** Skeletal meshes: the bones and a margin. Follows the steps, but is declared loose, for it knows nothing of the skin. */
    Bones,
    /** One box around the actor. Loose: onset F1 falls from 0.76 to 0.44, steps are hardly heard. */
    Bounds
};

/** Makes the actor a character: its box goes to the service with every frame in which it is seen. */
UCLASS(ClassGroup = (StereoSync), meta = (BlueprintSpawnableComponent))
class STEREOSYNC_API UStereoSyncCharacterComponent : public UActorComponent
{
    GENERATED_BODY()

public:
    UStereoSyncCharacterComponent();

    /** Number of the character, the same from frame to frame and in no other character. 0: one is given. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    int32 Id = 0;

    /** Name for logs, 64 characters at most. Empty: the actor's name. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    FString Label;

    /**
     * What the box is drawn around. The model hears steps in how a tight box breathes with the legs: onset F1 is 0.76 with tight boxes
     * and 0.44 with loose ones.
     */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync")
    EStereoSyncBoxMode BoxMode = EStereoSyncBoxMode::Automatic;

    /** Bones only: how far the skin is from the bones, cm. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync", meta = (ClampMin = "0"))
    float BoneMarginCm = 6.0f;

    /** The number that goes over the wire. */
    UFUNCTION(BlueprintPure, Category = "StereoSync")
    int32 GetCharacterId() const;

    /** The characters of a world that are played now. */
    static TArray<const UStereoSyncCharacterComponent*> InWorld(const UWorld* World);

    virtual void BeginPlay() override;
    virtual void EndPlay(const EEndPlayReason::Type EndPlayReason) override;

private:
    int32 GivenId = 0;
};
