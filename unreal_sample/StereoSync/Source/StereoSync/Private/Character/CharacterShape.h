// What of an actor its box is drawn around. Game thread.
#pragma once

#include "Pure/Cuboid.h"

#include <vector>

class USkeletalMeshComponent;
class UStereoSyncCharacterComponent;

/** Cuboids that enclose a character, world, cm. */
struct FCharacterShape
{
    std::vector<StereoSync::Cuboid> Cuboids;

    /** Whether they are those of the drawn parts, and not of a loose volume. */
    bool bTight = false;
};

/** The shape of this moment, by the character's box mode; empty when the actor has nothing of that kind. */
FCharacterShape ShapeOf(const UStereoSyncCharacterComponent& Character);

/** The bodies of a mesh's physics asset; of one without, its bones and a margin. */
FCharacterShape ShapeOf(const USkeletalMeshComponent& Mesh, double BoneMarginCm);
