// Unreal's axes and angles to those of the wire. Pure, without the engine; any thread.
#pragma once

#include "Pure/Vec3.h"

#include <cmath>

namespace StereoSync
{
    constexpr double Pi = 3.14159265358979323846;
    constexpr double MetresPerCm = 0.01;

    /// A camera in Unreal's world: X forward, Y right, Z up, centimetres. The axes are unit vectors of the world.
    struct CameraPose
    {
        Vec3 LocationCm;
        Vec3 Forward{1.0, 0.0, 0.0};
        Vec3 Right{0.0, 1.0, 0.0};
        Vec3 Up{0.0, 0.0, 1.0};
        double HorizontalFovDeg = 90.0;
    };

    /// A point of Unreal's world (cm) in camera space as the wire has it: x right, y up, z forward, metres.
    inline Vec3 ToCameraM(const CameraPose& Camera, Vec3 WorldCm)
    {
        const Vec3 Offset = MetresPerCm * (WorldCm - Camera.LocationCm);
        return {Dot(Offset, Camera.Right), Dot(Offset, Camera.Up), Dot(Offset, Camera.Forward)};
    }

    /// A point of Unreal's world (cm, Z up) in metres with y up, as the wire has feet: x of X, y of Z, z of Y.
    inline Vec3 ToWorldM(Vec3 WorldCm)
    {
        return MetresPerCm * Vec3{WorldCm.X, WorldCm.Z, WorldCm.Y};
    }

    /// Tangent of half an angle.
    inline double TanHalf(double AngleDeg)
    {
        return std::tan(AngleDeg * Pi / 360.0);
    }

    /// The angle along the other axis: tan(vertical / 2) = tan(horizontal / 2) / aspect, with aspect = width / height.
    inline double VerticalFovDeg(double HorizontalFovDeg, double Aspect)
    {
        return 360.0 / Pi * std::atan(TanHalf(HorizontalFovDeg) / Aspect);
    }

    /// Whether the wire takes a camera with these angles: above 1 and below 179 degrees along both axes.
    inline bool IsFovAllowed(double HorizontalFovDeg, double Aspect)
    {
        const double Vertical = VerticalFovDeg(HorizontalFovDeg, Aspect);
        return HorizontalFovDeg > 1.0 && HorizontalFovDeg < 179.0 && Vertical > 1.0 && Vertical < 179.0;
    }
}
