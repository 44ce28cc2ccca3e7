#include "Character/CharacterFeet.h"

#include "Axes.h"
#include "Character/FindMesh.h"
#include "CoreText.h"
#include "Engine/World.h"
#include "Pure/CameraGeometry.h"
#include "StereoSyncCharacterComponent.h"

namespace
{
    constexpr double ToldForS = 0.25;
    constexpr double FootReachCm = 100.0, BodyReachCm = 200.0; // how far down the ground may be from a foot, and from the actor's origin

    /// In a frame that stays where it is when the engine moves its origin.
    std::array<double, 3> FixedM(const UWorld& World, const FVector& PlaceCm)
    {
        const StereoSync::Vec3 Point = StereoSync::ToWorldM(StereoSync::ToVec3(PlaceCm + FVector(World.OriginLocation)));
        return {Point.X, Point.Y, Point.Z};
    }

    bool TracesGround(const UStereoSyncCharacterComponent& Character)
    {
        return Character.bTellGround && Character.Surface.IsEmpty();
    }
}

void FCharacterFeet::Tell(EStereoSyncSide Side, const FVector& PlaceCm, bool bGrounded, double NowS)
{
    Told[Side == EStereoSyncSide::Left ? 0 : 1] = {PlaceCm, bGrounded, NowS};
}

void FCharacterFeet::Fill(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double NowS)
{
    if (Character.bTellFeet)
    {
        AddFeet(Box, Character, NowS);
    }
    if (!Character.Surface.IsEmpty())
    {
        Box.surface = StereoSync::ToUtf8(Character.Surface);
    }
    else if (TracesGround(Character) && Box.feet.empty())
    {
        const AActor& Actor = *Character.GetOwner();
        Box.surface = GroundBelow.Under(Actor, Actor.GetActorLocation(), BodyReachCm, Character.GroundChannel);
    }
}

void FCharacterFeet::AddFeet(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double NowS)
{
    const FName Sockets[2] = {Character.LeftFoot, Character.RightFoot};
    const USkeletalMeshComponent* Mesh = FindMesh(*Character.GetOwner(), FeetMesh,
        [&Sockets](const USkeletalMeshComponent& One)
        {
            return One.IsVisible() && One.DoesSocketExist(Sockets[0]) && One.DoesSocketExist(Sockets[1]);
        });
    for (int Side = 0; Side < 2; ++Side)
    {
        if (NowS - Told[Side].ToldAtS <= ToldForS)
        {
            AddFoot(Box, Character, Side, Told[Side]);
        }
        else if (Mesh != nullptr)
        {
            AddFoot(Box, Character, Side, {Mesh->GetSocketLocation(Sockets[Side]), std::nullopt, NowS});
        }
    }
}

void FCharacterFeet::AddFoot(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, int Side, const FFoot& Foot)
{
    if (Foot.PlaceCm.ContainsNaN())
    {
        return; // one number that is none would cost the whole frame
    }
    const AActor& Actor = *Character.GetOwner();
    stereosync::FootSpec Spec;
    Spec.side = Side == 0 ? stereosync::Side::left : stereosync::Side::right;
    Spec.world_m = FixedM(*Actor.GetWorld(), Foot.PlaceCm);
    Spec.grounded = Foot.Grounded;
    if (TracesGround(Character))
    {
        Spec.surface = Grounds[Side].Under(Actor, Foot.PlaceCm, FootReachCm, Character.GroundChannel);
    }
    Box.feet.add(Spec);
}
