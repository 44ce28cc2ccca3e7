// Marks an actor as a character that is heard. Game thread.
#pragma once

#include "Components/ActorComponent.h"
#include "CoreMinimal.h"
#include "Engine/EngineTypes.h"
#include "StereoSyncSide.h"

#include "StereoSyncCharacterComponent.generated.h"

class FCharacterTold;
class UAnimSequence;

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

    /** Tells where the feet are, which are two sockets or bones of a skeletal mesh. What is told wins over what is seen. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told")
    bool bTellFeet = true;

    /** Socket or bone at the left foot's ankle or sole: foot_l, or ball_l. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told", meta = (EditCondition = "bTellFeet"))
    FName LeftFoot = TEXT("foot_l");

    /** The same at the right foot: foot_r, or ball_r. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told", meta = (EditCondition = "bTellFeet"))
    FName RightFoot = TEXT("foot_r");

    /** Tells the ground, by a line trace under each foot: the physical material's surface type, or its own name where it has none. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told")
    bool bTellGround = true;

    /** The channel of these traces. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, AdvancedDisplay, Category = "StereoSync|Told", meta = (EditCondition = "bTellGround"))
    TEnumAsByte<ECollisionChannel> GroundChannel = ECC_Visibility;

    /**
     * The ground's word where the game knows it, e.g. what it sets Surface of Wwise or FMOD to: told as it is, and no line is traced. Empty:
     * the traces count.
     */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told")
    FString Surface;

    /**
     * Tells when feet come down, up to half a second ahead: StereoSync Footstep notifies, notifies and sync markers with the names below, and
     * what TellContact is told.
     */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told")
    bool bTellContacts = true;

    /** Name of the sync markers and of the notifies where the left foot comes down. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told", meta = (EditCondition = "bTellContacts"))
    FName LeftContact = TEXT("foot_l");

    /** The same for the right foot. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "StereoSync|Told", meta = (EditCondition = "bTellContacts"))
    FName RightContact = TEXT("foot_r");

    /** Walks, runs and the like, one left and one right step each, that Export Gaits writes. */
    UPROPERTY(EditAnywhere, BlueprintReadWrite, AdvancedDisplay, Category = "StereoSync|Gaits")
    TArray<TObjectPtr<UAnimSequence>> GaitClips;

    /** Writes Gait Clips as NAME-gaits.json into the project's folder, for stereosync-fit. The log says what was written. */
    UFUNCTION(CallInEditor, BlueprintCallable, Category = "StereoSync|Gaits")
    void ExportGaits();

    /**
     * A foot comes down now, or in at most half a second. The same contact may be told again, and the newest word counts.
     * @param SecondsAhead of real time: divide by the actor's time dilation
     * @param Strength 0 to 1, 0.5 an ordinary walking step; below 0: not told
     * @param ContactSurface the ground's word; empty: what is under the foot counts
     */
    UFUNCTION(BlueprintCallable, Category = "StereoSync")
    void TellContact(EStereoSyncSide Side, float SecondsAhead = 0.0f, float Strength = -1.0f, const FString& ContactSurface = TEXT(""));

    /** Where a foot is now, world, cm, for figures without foot sockets: call it in every frame. */
    UFUNCTION(BlueprintCallable, Category = "StereoSync")
    void TellFoot(EStereoSyncSide Side, FVector PlaceCm, bool bGrounded);

    /** The number that goes over the wire. */
    UFUNCTION(BlueprintPure, Category = "StereoSync")
    int32 GetCharacterId() const;

    /** The characters of a world that are played now. */
    static TArray<const UStereoSyncCharacterComponent*> InWorld(const UWorld* World);

    /** What the character tells; for the bridge. */
    FCharacterTold& GetTold() const;

    virtual void BeginPlay() override;
    virtual void EndPlay(const EEndPlayReason::Type EndPlayReason) override;

private:
    TSharedPtr<FCharacterTold> Told;
    int32 GivenId = 0;
};
