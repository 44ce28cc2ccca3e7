// A stand-in for what the plugin uses of Unreal's Engine module: objects, actors, components, a world with one player.
#pragma once

#include "stub_animation.h"
#include "stub_object.h"
#include "stub_physics.h"

#include <map>

class AActor;
class FAudioDevice;

struct ConstructorHelpers
{
    template <typename T>
    struct FObjectFinder
    {
        explicit FObjectFinder(const TCHAR* Path) : Object(StubMake<T>(nullptr, Path)) {}
        T* Object;
        bool Succeeded() const { return Object != nullptr; }
    };
};

namespace EEndPlayReason
{
    enum Type { Destroyed, LevelTransition, EndPlayInEditor, RemovedFromWorld, Quit };
}

enum ELevelTick { LEVELTICK_TimeOnly, LEVELTICK_ViewportsOnly, LEVELTICK_All, LEVELTICK_PauseTick };
enum ETickingGroup { TG_PrePhysics, TG_StartPhysics, TG_DuringPhysics, TG_EndPhysics, TG_PostPhysics, TG_PostUpdateWork, TG_LastDemotable };

struct FTickFunction
{
    bool bCanEverTick = false;
    bool bTickEvenWhenPaused = false;
    ETickingGroup TickGroup = TG_PrePhysics;
};

struct FActorComponentTickFunction : FTickFunction
{
};

enum ESceneCaptureSource : int { SCS_SceneColorHDR, SCS_SceneColorHDRNoAlpha, SCS_FinalColorLDR, SCS_SceneColorSceneDepth, SCS_SceneDepth };

namespace EComponentMobility
{
    enum Type { Static, Stationary, Movable };
}

namespace ECollisionEnabled
{
    enum Type { NoCollision, QueryOnly };
}

class UActorComponent : public UObject
{
public:
    virtual void BeginPlay() { bBegun = true; }
    virtual void EndPlay(const EEndPlayReason::Type) { bBegun = false; }
    virtual void TickComponent(float, ELevelTick, FActorComponentTickFunction*) {}
    void RegisterComponent();
    virtual void DestroyComponent(bool bPromoteChildren = false);
    AActor* GetOwner() const;

    FActorComponentTickFunction PrimaryComponentTick;
    bool bBegun = false;
    bool bRegistered = false;
};

class USceneComponent : public UActorComponent
{
public:
    void SetupAttachment(USceneComponent* Parent) { AttachParent = Parent; }
    void SetMobility(EComponentMobility::Type) {}
    void SetRelativeTransform(const FTransform& Transform) { Relative = Transform; }
    void SetWorldLocationAndRotation(FVector Location, FRotator Rotation) { Relative = FTransform(Rotation, Location); }
    FTransform GetComponentTransform() const { return AttachParent != nullptr ? Relative * AttachParent->GetComponentTransform() : Relative; }
    bool IsVisible() const { return true; }

    FTransform Relative;
    USceneComponent* AttachParent = nullptr;
};

class UPrimitiveComponent : public USceneComponent
{
public:
    void SetCollisionEnabled(ECollisionEnabled::Type) {}
    void SetPhysMaterialOverride(UPhysicalMaterial* Material) { StubMaterial = Material; }

    UPhysicalMaterial* StubMaterial = nullptr;
};

class UBoxComponent : public UPrimitiveComponent
{
public:
    void SetBoxExtent(FVector Extent, bool bUpdateOverlaps = true)
    {
        (void)bUpdateOverlaps;
        BoxExtent = Extent;
    }
    FVector GetUnscaledBoxExtent() const { return BoxExtent; }

    FVector BoxExtent;
};

class UStaticMesh : public UObject
{
};

class UStaticMeshComponent : public UPrimitiveComponent
{
public:
    bool SetStaticMesh(UStaticMesh* NewMesh) { Mesh = NewMesh; return true; }
    UStaticMesh* GetStaticMesh() const { return Mesh; }
    /// The engine's basic shapes: 100 cm a side, the origin in the middle.
    void GetLocalBounds(FVector& Min, FVector& Max) const { Min = FVector(-50, -50, -50); Max = FVector(50, 50, 50); }

    UStaticMesh* Mesh = nullptr;
};

struct FKAggregateGeom
{
    FBox Local;
    FBox CalcAABB(const FTransform&) const { return Local; }
};

class USkeletalBodySetup : public UObject
{
public:
    FName BoneName;
    FKAggregateGeom AggGeom;
};

class UPhysicsAsset : public UObject
{
public:
    TArray<TObjectPtr<USkeletalBodySetup>> SkeletalBodySetups;
};

class USkeletalMesh : public UObject
{
public:
    TArray<FName> StubBoneNames;
    UPhysicsAsset* StubPhysics = nullptr;
};

class USkinnedMeshComponent : public UPrimitiveComponent
{
public:
    USkeletalMesh* GetSkeletalMeshAsset() const { return StubAsset; }
    void SetSkeletalMeshAsset(USkeletalMesh* Asset)
    {
        StubAsset = Asset;
        BoneNames = Asset->StubBoneNames;
        PhysicsAsset = Asset->StubPhysics;
    }
    UPhysicsAsset* GetPhysicsAsset() const { return PhysicsAsset; }
    int32 GetBoneIndex(FName Name) const
    {
        for (int32 Index = 0; Index < BoneNames.Num(); ++Index)
        {
            if (BoneNames[Index] == Name)
            {
                return Index;
            }
        }
        return INDEX_NONE;
    }
    const TArray<FTransform>& GetComponentSpaceTransforms() const { return Bones; }

    UPhysicsAsset* PhysicsAsset = nullptr;
    TArray<FName> BoneNames;
    TArray<FTransform> Bones;
    USkeletalMesh* StubAsset = nullptr;
};

namespace EAnimationMode
{
    enum Type : int { AnimationBlueprint, AnimationSingleNode, AnimationCustomMode };
}

class USkeletalMeshComponent : public USkinnedMeshComponent
{
public:
    UAnimInstance* GetAnimInstance() const { return StubGraph; }
    bool DoesSocketExist(FName Name) const { return GetBoneIndex(Name) != INDEX_NONE; }
    FVector GetSocketLocation(FName Name) const
    {
        ++StubReads;
        return GetComponentTransform().TransformPosition(Bones[GetBoneIndex(Name)].GetLocation());
    }

    void SetAnimationMode(EAnimationMode::Type Mode) { StubMode = Mode; }
    void SetAnimation(UAnimationAsset* Clip) { StubClip = dynamic_cast<UAnimSequence*>(Clip); }
    void SetPosition(float InPos, bool bFireNotifies = true)
    {
        (void)bFireNotifies;
        StubAtS = InPos;
    }
    void TickAnimation(float, bool) {}
    void RefreshBoneTransforms() { StubClip->StubPose(Bones, StubAtS); }

    EAnimationMode::Type StubMode = EAnimationMode::AnimationBlueprint;
    UAnimSequence* StubClip = nullptr;
    float StubAtS = 0.0f;
    float GlobalAnimRateScale = 1.0f;
    UAnimInstance* StubGraph = nullptr;
    static inline int StubReads = 0;
};

namespace ECameraProjectionMode
{
    enum Type { Perspective, Orthographic };
}

struct FPostProcessSettings
{
};

struct FMinimalViewInfo
{
    FVector Location;
    FRotator Rotation;
    float FOV = 90.0f;
    float AspectRatio = 1.7777778f;
    TEnumAsByte<ECameraProjectionMode::Type> ProjectionMode = ECameraProjectionMode::Perspective;
    float PostProcessBlendWeight = 0.0f;
    FPostProcessSettings PostProcessSettings;
    float GetFinalPerspectiveNearClipPlane() const { return 10.0f; }
};

class AActor : public UObject
{
public:
    static UClass* StaticClass() { static UClass Class{"Actor"}; return &Class; }
    virtual UWorld* GetWorld() const override { return World; }
    virtual void BeginPlay() { bBegun = true; }
    virtual void EndPlay(const EEndPlayReason::Type) {}
    virtual void Tick(float) {}
    virtual void CalcCamera(float, FMinimalViewInfo& View) { View.Location = GetActorTransform().GetLocation(); View.Rotation = StubRotation; }
    void SetActorScale3D(FVector) {}
    bool IsHidden() const { return bStubHidden; }
    FTransform GetActorTransform() const { return RootComponent != nullptr ? RootComponent->GetComponentTransform() : FTransform(); }
    FBox GetComponentsBoundingBox(bool bNonColliding = false, bool bIncludeFromChildActors = false) const
    {
        (void)bNonColliding;
        (void)bIncludeFromChildActors;
        return StubBounds;
    }
    void AddInstanceComponent(UActorComponent*) {}
    FVector GetActorLocation() const { return GetActorTransform().GetLocation(); }
    float GetActorTimeDilation() const { return StubDilation; }

    template <typename T>
    T* CreateDefaultSubobject(FName Name)
    {
        T* Made = StubMake<T>(this, Name);
        Components.push_back(Made);
        return Made;
    }

    template <typename T>
    void GetComponents(TArray<T*>& Out, bool bIncludeFromChildActors = false) const
    {
        (void)bIncludeFromChildActors;
        Out.Reset();
        for (UActorComponent* Component : Components)
        {
            if (T* Found = dynamic_cast<T*>(Component))
            {
                Out.Add(Found);
            }
        }
    }

    template <typename T>
    T* FindComponentByClass() const
    {
        TArray<T*> Found;
        GetComponents(Found);
        return Found.IsEmpty() ? nullptr : Found[0];
    }

    FTickFunction PrimaryActorTick;
    float StubDilation = 1.0f;
    TObjectPtr<USceneComponent> RootComponent;
    std::vector<UActorComponent*> Components;
    UWorld* World = nullptr;
    FBox StubBounds;
    FRotator StubRotation;
    bool bStubHidden = false;
    bool bBegun = false;
};

inline AActor* UActorComponent::GetOwner() const
{
    return dynamic_cast<AActor*>(Outer);
}

inline void UActorComponent::RegisterComponent()
{
    bRegistered = true;
    AActor* Owner = GetOwner();
    Owner->Components.push_back(this);
    if (Owner->bBegun)
    {
        BeginPlay();
    }
}

inline void UActorComponent::DestroyComponent(bool)
{
    bRegistered = false;
    auto& All = GetOwner()->Components;
    All.erase(std::remove(All.begin(), All.end(), this), All.end());
}

class APlayerCameraManager : public AActor
{
public:
    virtual const FMinimalViewInfo& GetCameraCacheView() const { return View; }
    FMinimalViewInfo View;
};

class APlayerController : public AActor
{
public:
    void SetViewTarget(AActor* Target) { ViewTarget = Target; }
    TObjectPtr<APlayerCameraManager> PlayerCameraManager;
    AActor* ViewTarget = nullptr;
};

class ACameraActor : public AActor
{
};

class ULightComponent : public USceneComponent
{
};

class ADirectionalLight : public AActor
{
public:
    ULightComponent* GetLightComponent() const { return Light; }
    ULightComponent* Light = StubMake<ULightComponent>(nullptr, NAME_None);
};

class AStaticMeshActor : public AActor
{
public:
    UStaticMeshComponent* GetStaticMeshComponent() const { return Mesh; }
    UStaticMeshComponent* Mesh = StubMake<UStaticMeshComponent>(nullptr, NAME_None);
};

class ASpectatorPawn : public AActor
{
};

template <typename T>
class TSubclassOf
{
public:
    void operator=(UClass* NewClass) { Class = NewClass; }
    UClass* Class = nullptr;
};

class AGameModeBase : public AActor
{
public:
    virtual void StartPlay() {}
    TSubclassOf<AActor> DefaultPawnClass;
};

class UWorld : public UObject
{
public:
    virtual UWorld* GetWorld() const override { return const_cast<UWorld*>(this); }
    bool IsPaused() const { return StubPaused; }
    FAudioDevice* GetAudioDeviceRaw() const { return StubAudio; }

    bool LineTraceSingleByChannel(FHitResult& OutHit, const FVector& Start, const FVector& End, ECollisionChannel Channel, const FCollisionQueryParams& Params) const
    {
        ++StubTraces;
        const FStubGround* Highest = nullptr;
        for (const FStubGround& Ground : StubGrounds)
        {
            const bool bHit = Ground.IsHit(Start, End, Channel, Params);
            Highest = bHit && (Highest == nullptr || Ground.HighCm.Z > Highest->HighCm.Z) ? &Ground : Highest;
        }
        OutHit.PhysMaterial = Highest != nullptr && Params.bReturnPhysicalMaterial ? Highest->Material : nullptr;
        return Highest != nullptr;
    }
    APlayerController* GetFirstPlayerController() const { return Player; }

    template <typename T>
    T* SpawnActor(FVector const& Location, FRotator const& Rotation)
    {
        T* Made = StubMake<T>(this, NAME_None);
        Made->World = this;
        Made->StubRotation = Rotation;
        if (Made->RootComponent != nullptr)
        {
            Made->RootComponent->SetWorldLocationAndRotation(Location, Rotation);
        }
        Actors.push_back(Made);
        StubBegin(*Made);
        return Made;
    }

    void StubBegin(AActor& Actor)
    {
        Actor.BeginPlay();
        for (UActorComponent* Component : std::vector<UActorComponent*>(Actor.Components))
        {
            Component->BeginPlay();
        }
    }

    /// One frame: actors, then components, as far as they tick in a pause; then the engine's ticker, which always ticks.
    void StubTick(float DeltaTime)
    {
        for (AActor* Actor : std::vector<AActor*>(Actors))
        {
            if (!StubPaused)
            {
                Actor->Tick(DeltaTime);
            }
            for (UActorComponent* Component : std::vector<UActorComponent*>(Actor->Components))
            {
                const FTickFunction& Function = Component->PrimaryComponentTick;
                if (Function.bCanEverTick && (!StubPaused || Function.bTickEvenWhenPaused))
                {
                    Component->TickComponent(DeltaTime, StubPaused ? LEVELTICK_PauseTick : LEVELTICK_All, nullptr);
                }
            }
        }
        FTSTicker::GetCoreTicker().Tick(DeltaTime);
    }

    FIntVector OriginLocation;
    uint32 bDebugPauseExecution : 1;
    bool StubPaused = false;
    std::vector<FStubGround> StubGrounds;
    FAudioDevice* StubAudio = nullptr;
    static inline int StubTraces = 0;
    APlayerController* Player = nullptr;
    std::vector<AActor*> Actors;

    UWorld() : bDebugPauseExecution(0) {}
};

class UEngine : public UObject
{
public:
    void AddOnScreenDebugMessage(uint64 Key, float, FColor, const FString& Message, bool bNewerOnTop = true, const FVector2D& Scale = FVector2D::UnitVector)
    {
        (void)bNewerOnTop;
        (void)Scale;
        StubScreen[Key] = StubNarrow(*Message);
    }

    TObjectPtr<UPhysicalMaterial> DefaultPhysMaterial = StubMake<UPhysicalMaterial>(nullptr, TEXT("DefaultPhysicalMaterial"));
    std::map<uint64, std::string> StubScreen;
};

inline UEngine* GEngine = StubMake<UEngine>(nullptr, NAME_None);
