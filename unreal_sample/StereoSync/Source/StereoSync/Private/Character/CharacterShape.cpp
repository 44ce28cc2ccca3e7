#include "Character/CharacterShape.h"

#include "Axes.h"
#include "Components/SkeletalMeshComponent.h"
#include "Components/StaticMeshComponent.h"
#include "GameFramework/Actor.h"
#include "PhysicsEngine/AggregateGeom.h"
#include "PhysicsEngine/PhysicsAsset.h"
#include "StereoSyncCharacterComponent.h"

#if __has_include("PhysicsEngine/SkeletalBodySetup.h")
#include "PhysicsEngine/SkeletalBodySetup.h" // a header of its own from 5.5 on
#endif

namespace
{
    using StereoSync::Cuboid;

    Cuboid Corners(const FVector& Low, const FVector& High, const FTransform& ToWorld)
    {
        Cuboid Made;
        for (int Corner = 0; Corner < 8; ++Corner)
        {
            const StereoSync::Vec3 Local = StereoSync::CornerOf(StereoSync::ToVec3(Low), StereoSync::ToVec3(High), Corner);
            Made[Corner] = StereoSync::ToVec3(ToWorld.TransformPosition(StereoSync::ToVector(Local)));
        }
        return Made;
    }

    void AddParts(const AActor& Actor, FCharacterShape& Shape)
    {
        TArray<UStaticMeshComponent*> Parts;
        Actor.GetComponents(Parts);
        for (const UStaticMeshComponent* Part : Parts)
        {
            if (Part->IsVisible() && Part->GetStaticMesh() != nullptr)
            {
                FVector Low, High;
                Part->GetLocalBounds(Low, High);
                Shape.Cuboids.push_back(Corners(Low, High, Part->GetComponentTransform()));
            }
        }
    }

    void AddBodies(const USkeletalMeshComponent& Mesh, const UPhysicsAsset& Asset, FCharacterShape& Shape)
    {
        const TArray<FTransform>& Bones = Mesh.GetComponentSpaceTransforms();
        for (const USkeletalBodySetup* Body : Asset.SkeletalBodySetups)
        {
            const int32 Bone = Body != nullptr ? Mesh.GetBoneIndex(Body->BoneName) : INDEX_NONE;
            const FBox Local = Bones.IsValidIndex(Bone) ? Body->AggGeom.CalcAABB(FTransform::Identity) : FBox();
            if (Local.IsValid)
            {
                Shape.Cuboids.push_back(Corners(Local.Min, Local.Max, Bones[Bone] * Mesh.GetComponentTransform()));
            }
        }
    }

    void AddBones(const USkeletalMeshComponent& Mesh, double MarginCm, FCharacterShape& Shape)
    {
        const FVector Margin(MarginCm, MarginCm, MarginCm);
        for (const FTransform& Bone : Mesh.GetComponentSpaceTransforms())
        {
            const FVector Place = Mesh.GetComponentTransform().TransformPosition(Bone.GetLocation());
            Shape.Cuboids.push_back(Corners(Place - Margin, Place + Margin, FTransform::Identity));
        }
    }

    /// Adds what the mode wants of every skeletal mesh, and says whether all of it was tight.
    bool AddSkeletons(const AActor& Actor, const UStereoSyncCharacterComponent& Character, FCharacterShape& Shape)
    {
        bool bTight = true;
        TArray<USkeletalMeshComponent*> Meshes;
        Actor.GetComponents(Meshes);
        for (const USkeletalMeshComponent* Mesh : Meshes)
        {
            if (!Mesh->IsVisible())
            {
                continue;
            }
            const UPhysicsAsset* Asset = Mesh->GetPhysicsAsset();
            if (Asset != nullptr && Character.BoxMode != EStereoSyncBoxMode::Bones)
            {
                AddBodies(*Mesh, *Asset, Shape);
            }
            else if (Character.BoxMode != EStereoSyncBoxMode::Bodies)
            {
                AddBones(*Mesh, Character.BoneMarginCm, Shape);
                bTight = false;
            }
        }
        return bTight;
    }

    void AddBounds(const AActor& Actor, FCharacterShape& Shape)
    {
        const FBox Bounds = Actor.GetComponentsBoundingBox(true);
        if (Bounds.IsValid)
        {
            Shape.Cuboids.push_back(Corners(Bounds.Min, Bounds.Max, FTransform::Identity));
        }
    }
}

FCharacterShape ShapeOf(const USkeletalMeshComponent& Mesh, double BoneMarginCm)
{
    FCharacterShape Shape;
    const UPhysicsAsset* Asset = Mesh.GetPhysicsAsset();
    Shape.bTight = Asset != nullptr;
    if (Asset != nullptr)
    {
        AddBodies(Mesh, *Asset, Shape);
    }
    else
    {
        AddBones(Mesh, BoneMarginCm, Shape);
    }
    return Shape;
}

FCharacterShape ShapeOf(const UStereoSyncCharacterComponent& Character)
{
    FCharacterShape Shape;
    const AActor* Actor = Character.GetOwner();
    const EStereoSyncBoxMode Mode = Character.BoxMode;
    if (Actor == nullptr || Actor->IsHidden())
    {
        return Shape;
    }
    if (Mode == EStereoSyncBoxMode::Bounds)
    {
        AddBounds(*Actor, Shape);
        return Shape;
    }
    const bool bWantsParts = Mode == EStereoSyncBoxMode::Automatic || Mode == EStereoSyncBoxMode::Parts;
    Shape.bTight = Mode == EStereoSyncBoxMode::Parts || AddSkeletons(*Actor, Character, Shape);
    if (bWantsParts)
    {
        AddParts(*Actor, Shape);
    }
    return Shape;
}
