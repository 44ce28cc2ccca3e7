// Three numbers. Pure, without the engine; any thread.
#pragma once

#include <cmath>

namespace StereoSync
{
    /// A point or a direction. Which axes and which unit, the user of it says.
    struct Vec3
    {
        double X = 0.0;
        double Y = 0.0;
        double Z = 0.0;
    };

    inline Vec3 operator+(Vec3 A, Vec3 B)
    {
        return {A.X + B.X, A.Y + B.Y, A.Z + B.Z};
    }

    inline Vec3 operator-(Vec3 A, Vec3 B)
    {
        return {A.X - B.X, A.Y - B.Y, A.Z - B.Z};
    }

    inline Vec3 operator*(double Scale, Vec3 A)
    {
        return {Scale * A.X, Scale * A.Y, Scale * A.Z};
    }

    inline double Dot(Vec3 A, Vec3 B)
    {
        return A.X * B.X + A.Y * B.Y + A.Z * B.Z;
    }

    inline double Length(Vec3 A)
    {
        return std::sqrt(Dot(A, A));
    }

    inline Vec3 Unit(Vec3 A)
    {
        return (1.0 / Length(A)) * A;
    }
}
