// Vectors, rotations and transforms: left-handed, X forward, Y right, Z up, as the engine documents them.
#pragma once

struct FRotator;

struct FIntVector
{
    int32 X = 0, Y = 0, Z = 0;
};

struct FVector
{
    double X = 0, Y = 0, Z = 0;
    FVector() = default;
    FVector(double X, double Y, double Z) : X(X), Y(Y), Z(Z) {}
    explicit FVector(const FIntVector& V) : X(V.X), Y(V.Y), Z(V.Z) {}
    bool ContainsNaN() const { return !std::isfinite(X) || !std::isfinite(Y) || !std::isfinite(Z); }
    FVector operator+(const FVector& B) const { return {X + B.X, Y + B.Y, Z + B.Z}; }
    FVector operator-(const FVector& B) const { return {X - B.X, Y - B.Y, Z - B.Z}; }
    FVector operator*(double Scale) const { return {X * Scale, Y * Scale, Z * Scale}; }
    FVector operator*(const FVector& B) const { return {X * B.X, Y * B.Y, Z * B.Z}; }
    FVector operator/(double Scale) const { return {X / Scale, Y / Scale, Z / Scale}; }
    double Size() const { return std::sqrt(X * X + Y * Y + Z * Z); }
    FVector GetSafeNormal() const { return Size() > 1e-8 ? *this / Size() : FVector(); }
    FRotator Rotation() const;
    static double DotProduct(const FVector& A, const FVector& B) { return A.X * B.X + A.Y * B.Y + A.Z * B.Z; }
    static FVector CrossProduct(const FVector& A, const FVector& B)
    {
        return {A.Y * B.Z - A.Z * B.Y, A.Z * B.X - A.X * B.Z, A.X * B.Y - A.Y * B.X};
    }
    static const FVector ZeroVector, UpVector, OneVector;
};

inline const FVector FVector::ZeroVector{0, 0, 0};
inline const FVector FVector::UpVector{0, 0, 1};
inline const FVector FVector::OneVector{1, 1, 1};

/// Degrees: pitch up, yaw to the right, roll clockwise.
struct FRotator
{
    double Pitch = 0, Yaw = 0, Roll = 0;
    FRotator() = default;
    FRotator(double Pitch, double Yaw, double Roll) : Pitch(Pitch), Yaw(Yaw), Roll(Roll) {}
    static const FRotator ZeroRotator;
};

inline const FRotator FRotator::ZeroRotator{0, 0, 0};

inline FRotator FVector::Rotation() const
{
    constexpr double Degrees = 180.0 / 3.14159265358979323846;
    return {std::atan2(Z, std::sqrt(X * X + Y * Y)) * Degrees, std::atan2(Y, X) * Degrees, 0.0};
}

/// A rotation, kept as the images of the three axes.
struct FQuat
{
    FVector AxisX{1, 0, 0}, AxisY{0, 1, 0}, AxisZ{0, 0, 1};
    FVector RotateVector(const FVector& V) const { return AxisX * V.X + AxisY * V.Y + AxisZ * V.Z; }
    static const FQuat Identity;
};

inline const FQuat FQuat::Identity{};

namespace EAxis
{
    enum Type { None, X, Y, Z };
}

struct FMatrix
{
    FQuat Turn;
    FQuat ToQuat() const { return Turn; }
    FVector GetUnitAxis(EAxis::Type Axis) const { return Axis == EAxis::X ? Turn.AxisX : Axis == EAxis::Y ? Turn.AxisY : Turn.AxisZ; }
};

struct FRotationMatrix : FMatrix
{
    explicit FRotationMatrix(const FRotator& Rotator)
    {
        constexpr double Radians = 3.14159265358979323846 / 180.0;
        const double SP = std::sin(Rotator.Pitch * Radians), CP = std::cos(Rotator.Pitch * Radians);
        const double SY = std::sin(Rotator.Yaw * Radians), CY = std::cos(Rotator.Yaw * Radians);
        const double SR = std::sin(Rotator.Roll * Radians), CR = std::cos(Rotator.Roll * Radians);
        Turn.AxisX = {CP * CY, CP * SY, SP};
        Turn.AxisY = {SR * SP * CY - CR * SY, SR * SP * SY + CR * CY, -SR * CP};
        Turn.AxisZ = {-(CR * SP * CY + SR * SY), CY * SR - CR * SP * SY, CR * CP};
    }

    /// Z exactly, X as nearly as can be.
    static FMatrix MakeFromZX(const FVector& Z, const FVector& X)
    {
        FMatrix Made;
        Made.Turn.AxisZ = Z.GetSafeNormal();
        Made.Turn.AxisY = FVector::CrossProduct(Made.Turn.AxisZ, X).GetSafeNormal();
        Made.Turn.AxisX = FVector::CrossProduct(Made.Turn.AxisY, Made.Turn.AxisZ);
        return Made;
    }

    /// X exactly, Z as nearly as can be.
    static FMatrix MakeFromXZ(const FVector& X, const FVector& Z)
    {
        FMatrix Made;
        Made.Turn.AxisX = X.GetSafeNormal();
        Made.Turn.AxisY = FVector::CrossProduct(Z, Made.Turn.AxisX).GetSafeNormal();
        Made.Turn.AxisZ = FVector::CrossProduct(Made.Turn.AxisX, Made.Turn.AxisY);
        return Made;
    }
};

/// Scale, then rotation, then translation. A * B applies A first.
struct FTransform
{
    FQuat Rotation;
    FVector Translation;
    FVector Scale{1, 1, 1};

    FTransform() = default;
    FTransform(const FQuat& Rotation, const FVector& Translation, const FVector& Scale = FVector(1, 1, 1))
        : Rotation(Rotation), Translation(Translation), Scale(Scale) {}
    FTransform(const FRotator& Rotator, const FVector& Translation) : Rotation(FRotationMatrix(Rotator).ToQuat()), Translation(Translation) {}

    FVector TransformPosition(const FVector& V) const { return Rotation.RotateVector(Scale * V) + Translation; }
    FVector InverseTransformPosition(const FVector& V) const
    {
        const FVector Offset = V - Translation;
        const FVector Turned(FVector::DotProduct(Offset, Rotation.AxisX), FVector::DotProduct(Offset, Rotation.AxisY), FVector::DotProduct(Offset, Rotation.AxisZ));
        return {Turned.X / Scale.X, Turned.Y / Scale.Y, Turned.Z / Scale.Z};
    }
    FVector GetLocation() const { return Translation; }
    FQuat GetRotation() const { return Rotation; }

    FTransform operator*(const FTransform& Parent) const
    {
        FTransform Both;
        Both.Rotation.AxisX = Parent.Rotation.RotateVector(Rotation.AxisX);
        Both.Rotation.AxisY = Parent.Rotation.RotateVector(Rotation.AxisY);
        Both.Rotation.AxisZ = Parent.Rotation.RotateVector(Rotation.AxisZ);
        Both.Scale = Scale * Parent.Scale;
        Both.Translation = Parent.TransformPosition(Translation);
        return Both;
    }

    static const FTransform Identity;
};

inline const FTransform FTransform::Identity{};

struct FIntPoint
{
    int32 X = 0, Y = 0;
    FIntPoint() = default;
    FIntPoint(int32 X, int32 Y) : X(X), Y(Y) {}
    bool operator==(const FIntPoint& Other) const { return X == Other.X && Y == Other.Y; }
    bool operator!=(const FIntPoint& Other) const { return !(*this == Other); }
};

struct FVector2D
{
    double X = 1, Y = 1;
    static const FVector2D UnitVector;
};

inline const FVector2D FVector2D::UnitVector{1, 1};

struct FBox
{
    FVector Min, Max;
    uint8 IsValid = 0;
    FBox() = default;
    FBox(const FVector& Min, const FVector& Max) : Min(Min), Max(Max), IsValid(1) {}
};

struct FBoxSphereBounds
{
    FBox Box;
    FBox GetBox() const { return Box; }
};
