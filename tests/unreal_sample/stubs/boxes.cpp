// Draws boxes around characters of every kind before a camera of 320 x 180 px, for the tests. A line each: id, tight, x0, y0, x1, y1, label;
// at the end `fault` and what is wrong. `boxes crowd` and `boxes twins` make too many characters, and two of one id.
#include "stub_engine.h"

#include "Axes.h"
#include "Character/CharacterBoxes.h"
#include "CoreClient.h"
#include "StereoSyncCharacterComponent.h"

#include <string>

namespace
{
    UWorld World;

    StereoSync::CameraPose Camera()
    {
        const FRotationMatrix Axes(FRotator(-10, 20, 0));
        StereoSync::CameraPose Pose;
        Pose.LocationCm = {-500, 40, 170};
        Pose.Forward = StereoSync::ToVec3(Axes.GetUnitAxis(EAxis::X));
        Pose.Right = StereoSync::ToVec3(Axes.GetUnitAxis(EAxis::Y));
        Pose.Up = StereoSync::ToVec3(Axes.GetUnitAxis(EAxis::Z));
        Pose.HorizontalFovDeg = 90;
        return Pose;
    }

    AActor* Actor(int32 Id, EStereoSyncBoxMode Mode)
    {
        AActor* Made = World.SpawnActor<AActor>(FVector::ZeroVector, FRotator::ZeroRotator);
        Made->ObjectName = TEXT("an actor");
        UStereoSyncCharacterComponent* Character = NewObject<UStereoSyncCharacterComponent>(Made);
        Character->Id = Id;
        Character->BoxMode = Mode;
        Character->RegisterComponent();
        return Made;
    }

    template <typename T>
    T* Part(AActor* Owner, const FTransform& Place)
    {
        T* Made = NewObject<T>(Owner);
        Made->SetRelativeTransform(Place);
        Made->RegisterComponent();
        return Made;
    }

    /// Two parts: a beam that is turned and stretched, and a cube.
    AActor* Blocks(int32 Id, EStereoSyncBoxMode Mode, FVector Offset)
    {
        AActor* Made = Actor(Id, Mode);
        Part<UStaticMeshComponent>(Made, FTransform(FRotationMatrix(FRotator(15, 30, 0)).ToQuat(), Offset + FVector(0, 0, 100), FVector(0.2, 0.3, 1.6)))->SetStaticMesh(NewObject<UStaticMesh>(Made));
        Part<UStaticMeshComponent>(Made, FTransform(FQuat::Identity, Offset + FVector(30, 20, 10), FVector(0.2, 0.2, 0.2)))->SetStaticMesh(NewObject<UStaticMesh>(Made));
        Part<UStaticMeshComponent>(Made, FTransform(FQuat::Identity, Offset + FVector(0, 0, 900), FVector(9, 9, 9))); // without a mesh: nothing is drawn
        return Made;
    }

    /// A skeleton of two bones, both turned by 90 degrees to the right; the second has a body of 10 x 20 x 30 cm.
    AActor* Skeleton(int32 Id, EStereoSyncBoxMode Mode, bool bWithBodies)
    {
        AActor* Made = Actor(Id, Mode);
        USkeletalMeshComponent* Mesh = Part<USkeletalMeshComponent>(Made, FTransform(FRotationMatrix(FRotator(0, 90, 0)).ToQuat(), FVector(100, 0, 0)));
        Mesh->BoneNames.Add(TEXT("hips"));
        Mesh->BoneNames.Add(TEXT("foot"));
        Mesh->Bones.Add(FTransform(FQuat::Identity, FVector(0, 0, 90)));
        Mesh->Bones.Add(FTransform(FQuat::Identity, FVector(20, 0, 8)));
        if (bWithBodies)
        {
            UPhysicsAsset* Asset = NewObject<UPhysicsAsset>(Made);
            USkeletalBodySetup* Body = NewObject<USkeletalBodySetup>(Asset);
            Body->BoneName = TEXT("foot");
            Body->AggGeom.Local = FBox(FVector(-5, -10, -15), FVector(5, 10, 15));
            USkeletalBodySetup* Stray = NewObject<USkeletalBodySetup>(Asset);
            Stray->BoneName = TEXT("tail");
            Asset->SkeletalBodySetups.Add(Body);
            Asset->SkeletalBodySetups.Add(Stray);
            Mesh->PhysicsAsset = Asset;
        }
        return Made;
    }

    void EachKind()
    {
        AActor* First = Blocks(1, EStereoSyncBoxMode::Automatic, FVector(0, 0, 0));
        TArray<UStereoSyncCharacterComponent*> Marks;
        First->GetComponents(Marks);
        Marks[0]->Label = TEXT("blocks");
        Blocks(2, EStereoSyncBoxMode::Bounds, FVector(0, 0, 0))->StubBounds = FBox(FVector(-50, -60, 0), FVector(50, 60, 190));
        Skeleton(3, EStereoSyncBoxMode::Automatic, true);
        Skeleton(4, EStereoSyncBoxMode::Automatic, false);
        Skeleton(5, EStereoSyncBoxMode::Bones, true);
        Skeleton(6, EStereoSyncBoxMode::Bodies, false);
        Blocks(7, EStereoSyncBoxMode::Parts, FVector(-2000, 0, 0));
        Blocks(8, EStereoSyncBoxMode::Parts, FVector(0, 0, 0))->bStubHidden = true;
        Blocks(9, EStereoSyncBoxMode::Parts, FVector(-470, 40, 0)); // through the near plane
    }

    void Print(const stereosync::BoxSpec& Box)
    {
        std::printf("%d %d %.9f %.9f %.9f %.9f %s\n", static_cast<int>(Box.id), Box.tight, Box.x0, Box.y0, Box.x1, Box.y1, Box.label.c_str());
    }
}

int main(int Count, char** Arguments)
{
    const std::string Mode = Count > 1 ? Arguments[1] : "";
    const int Crowd = Mode == "crowd" ? 70 : Mode == "twins" ? 2 : 0;
    for (int I = 0; I < Crowd; ++I)
    {
        Blocks(Mode == "twins" ? 5 : 0, EStereoSyncBoxMode::Parts, FVector(I, 0, 0));
    }
    if (Crowd == 0)
    {
        EachKind();
    }
    stereosync::Frame Frame;
    Frame.picture.width_px = 320;
    Frame.picture.height_px = 180;
    FCharacterBoxes Boxes;
    Boxes.Fill(Frame, &World, Camera(), 0.1);
    for (const stereosync::BoxSpec& Box : Frame.boxes)
    {
        Print(Box);
    }
    std::printf("fault %s\n", Boxes.Fault().c_str());
    return 0;
}
