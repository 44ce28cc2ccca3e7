// Vectors of the engine to those of the pure headers and back. Any thread.
#pragma once

#include "CoreMinimal.h"
#include "Pure/Vec3.h"

namespace StereoSync
{
    inline Vec3 ToVec3(const FVector& Vector)
    {
        return {Vector.X, Vector.Y, Vector.Z};
    }

    inline FVector ToVector(Vec3 Vector)
    {
        return FVector(Vector.X, Vector.Y, Vector.Z);
    }
}
