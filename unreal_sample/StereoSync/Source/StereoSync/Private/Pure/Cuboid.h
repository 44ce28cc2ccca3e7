// Parts of a character as cuboids. Pure, without the engine; any thread.
#pragma once

#include "Pure/CameraGeometry.h"

#include <array>

namespace StereoSync
{
    /// Eight corners. The bits 1, 2 and 4 of a corner's number say on which side along the cuboid's three axes it lies.
    using Cuboid = std::array<Vec3, 8>;

    /// The corner of a box between two opposite ones.
    inline Vec3 CornerOf(Vec3 Low, Vec3 High, int Number)
    {
        return {(Number & 1) != 0 ? High.X : Low.X, (Number & 2) != 0 ? High.Y : Low.Y, (Number & 4) != 0 ? High.Z : Low.Z};
    }

    /// A cuboid of Unreal's world (cm) in camera space, numbers x, y, z in metres, as the core's BoxProjector takes it.
    inline std::array<std::array<double, 3>, 8> InCameraM(const Cuboid& WorldCm, const CameraPose& Camera)
    {
        std::array<std::array<double, 3>, 8> Corners;
        for (int Corner = 0; Corner < 8; ++Corner)
        {
            const Vec3 Point = ToCameraM(Camera, WorldCm[Corner]);
            Corners[Corner] = {Point.X, Point.Y, Point.Z};
        }
        return Corners;
    }
}
