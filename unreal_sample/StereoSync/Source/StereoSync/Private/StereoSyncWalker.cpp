#include "StereoSyncWalker.h"

#include "Axes.h"
#include "Components/SceneComponent.h"
#include "Components/StaticMeshComponent.h"
#include "Engine/StaticMesh.h"
#include "Pure/WalkingGait.h"
#include "StereoSyncCharacterComponent.h"
#include "UObject/ConstructorHelpers.h"

namespace
{
    constexpr double ToldAheadS = 0.45;
    constexpr float OrdinaryStrength = 0.5f;
    constexpr double MeshCm = 100.0; // every side of the engine's basic shapes
    enum EPart { Torso, Head, LeftThigh, RightThigh, LeftShin, RightShin, LeftFoot, RightFoot, LeftArm, RightArm, PartCount };
    const TCHAR* const PartNames[PartCount] = {
        TEXT("Torso"), TEXT("Head"), TEXT("LeftThigh"), TEXT("RightThigh"), TEXT("LeftShin"), TEXT("RightShin"),
        TEXT("LeftFoot"), TEXT("RightFoot"), TEXT("LeftArm"), TEXT("RightArm")};

    /// A cuboid around the line from one joint to the other, Z along the line.
    FTransform Limb(const FVector& From, const FVector& To, const FVector& Forward, double ThickCm)
    {
        const FVector Along = To - From;
        const FQuat Turn = FRotationMatrix::MakeFromZX(Along, Forward).ToQuat();
        return FTransform(Turn, (From + To) / 2.0, FVector(ThickCm, ThickCm, Along.Size()) / MeshCm);
    }

    /// A foot whose sole is one ankle's height below the ankle, so that it touches the ground while the foot stands.
    FTransform Shoe(const StereoSync::LegPose& Leg)
    {
        const FVector Forward = StereoSync::ToVector(Leg.ToesForward);
        const double Height = StereoSync::WalkingGait::AnkleCm;
        const FVector Centre = StereoSync::ToVector(Leg.AnkleCm) + Forward * 6.0 - FVector(0.0, 0.0, Height / 2.0);
        return FTransform(FRotationMatrix::MakeFromXZ(Forward, FVector::UpVector).ToQuat(), Centre, FVector(26.0, 10.0, Height) / MeshCm);
    }

    FTransform Trunk(const FVector& Hips, const FVector& Shoulders, const FVector& Forward)
    {
        const FQuat Turn = FRotationMatrix::MakeFromXZ(Forward, FVector::UpVector).ToQuat();
        return FTransform(Turn, (Hips + Shoulders) / 2.0, FVector(20.0, 36.0, 56.0) / MeshCm);
    }

    /// A part of a limb; Side 0 is the left one.
    FTransform PlaceLimb(EPart Part, int Side, const StereoSync::BodyPose& Body, const FVector& Shoulders)
    {
        const StereoSync::LegPose& Leg = Body.Legs[Side];
        const FVector Forward = StereoSync::ToVector(Body.Forward), Knee = StereoSync::ToVector(Leg.KneeCm);
        const FVector Shoulder = Shoulders + StereoSync::ToVector(Body.Right) * (Side == 0 ? -20.0 : 20.0);
        switch (Part)
        {
        case LeftThigh: case RightThigh: return Limb(StereoSync::ToVector(Leg.HipCm), Knee, Forward, 15.0);
        case LeftShin: case RightShin: return Limb(Knee, StereoSync::ToVector(Leg.AnkleCm), Forward, 11.0);
        case LeftFoot: case RightFoot: return Shoe(Leg);
        default: return Limb(Shoulder, StereoSync::ToVector(Body.HandsCm[Side]), Forward, 8.0);
        }
    }

    FTransform Place(EPart Part, const StereoSync::BodyPose& Body)
    {
        const FVector Hips = StereoSync::ToVector(Body.HipsCm);
        const FVector Shoulders = Hips + FVector(0.0, 0.0, StereoSync::WalkingGait::ShouldersCm - StereoSync::WalkingGait::HipsCm);
        switch (Part)
        {
        case Torso: return Trunk(Hips, Shoulders, StereoSync::ToVector(Body.Forward));
        case Head: return FTransform(FQuat::Identity, Shoulders + FVector(0.0, 0.0, 20.0), FVector(22.0, 22.0, 22.0) / MeshCm);
        default: return PlaceLimb(Part, (Part - LeftThigh) % 2, Body, Shoulders);
        }
    }
}

AStereoSyncWalker::AStereoSyncWalker()
{
    PrimaryActorTick.bCanEverTick = true;
    RootComponent = CreateDefaultSubobject<USceneComponent>(TEXT("Root"));
    Character = CreateDefaultSubobject<UStereoSyncCharacterComponent>(TEXT("Character"));
    Character->Label = TEXT("walker");
    static ConstructorHelpers::FObjectFinder<UStaticMesh> Cube(TEXT("/Engine/BasicShapes/Cube.Cube"));
    static ConstructorHelpers::FObjectFinder<UStaticMesh> Sphere(TEXT("/Engine/BasicShapes/Sphere.Sphere"));
    for (int32 Part = 0; Part < PartCount; ++Part)
    {
        Parts.Add(AddPart(PartNames[Part], Part == Head ? Sphere.Object : Cube.Object));
    }
    Pose();
}

UStaticMeshComponent* AStereoSyncWalker::AddPart(const TCHAR* Name, UStaticMesh* Mesh)
{
    UStaticMeshComponent* Part = CreateDefaultSubobject<UStaticMeshComponent>(Name);
    Part->SetupAttachment(RootComponent);
    Part->SetMobility(EComponentMobility::Movable);
    Part->SetStaticMesh(Mesh);
    Part->SetCollisionEnabled(ECollisionEnabled::NoCollision);
    return Part;
}

void AStereoSyncWalker::Tick(float DeltaSeconds)
{
    Super::Tick(DeltaSeconds);
    DistanceCm += SpeedCmPerS * DeltaSeconds;
    Pose();
    Tell();
}

/// The walk is known in advance, so that each contact is told before it comes.
void AStereoSyncWalker::Tell()
{
    const StereoSync::BodyPose Body = StereoSync::WalkingGait::At(DistanceCm);
    const double CmPerS = SpeedCmPerS * GetActorTimeDilation();
    for (int32 Side = 0; Side < 2; ++Side)
    {
        const EStereoSyncSide Foot = Side == 0 ? EStereoSyncSide::Left : EStereoSyncSide::Right;
        const FVector Ankle = StereoSync::ToVector(Body.Legs[Side].AnkleCm);
        Character->TellFoot(Foot, GetActorTransform().TransformPosition(Ankle), Body.Legs[Side].bPlanted);
        const double AheadCm = StereoSync::WalkingGait::NextContactCm(Side, DistanceCm) - DistanceCm;
        if (CmPerS > 0.0 && AheadCm <= CmPerS * ToldAheadS)
        {
            Character->TellContact(Foot, static_cast<float>(AheadCm / CmPerS), OrdinaryStrength);
        }
    }
}

void AStereoSyncWalker::Pose()
{
    const StereoSync::BodyPose Body = StereoSync::WalkingGait::At(DistanceCm);
    for (int32 Part = 0; Part < Parts.Num(); ++Part)
    {
        Parts[Part]->SetRelativeTransform(Place(static_cast<EPart>(Part), Body));
    }
}
