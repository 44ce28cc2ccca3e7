// A character's feet and the ground that it walks on. Game thread, after the pose is final.
#pragma once

#include "Character/Ground.h"
#include "CoreMinimal.h"
#include "StereoSyncSide.h"

#include <limits>
#include <optional>

class USkeletalMeshComponent;
class UStereoSyncCharacterComponent;

/** Reads two sockets and traces one line per foot, each time that it is asked. */
class FCharacterFeet
{
public:
    /** A foot that the game knows itself; its word counts for a quarter of a second. */
    void Tell(EStereoSyncSide Side, const FVector& PlaceCm, bool bGrounded, double NowS);

    /** Fills in what the character may tell of feet and ground. */
    void Fill(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double NowS);

private:
    struct FFoot
    {
        FVector PlaceCm = FVector::ZeroVector;
        std::optional<bool> Grounded;
        double ToldAtS = -std::numeric_limits<double>::infinity();
    };

    void AddFeet(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double NowS);
    void AddFoot(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, int Side, const FFoot& Foot);

    FFoot Told[2]; // the left one first, here and below
    FGround Grounds[2];
    FGround GroundBelow;
    TWeakObjectPtr<USkeletalMeshComponent> FeetMesh;
};
