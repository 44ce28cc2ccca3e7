// A stand-in for line traces and physical materials. A test lays grounds into the world: level rectangles of a material.
#pragma once

#include "stub_object.h"

class AActor;

enum EPhysicalSurface { SurfaceType_Default, SurfaceType1, SurfaceType2, SurfaceType3 };
enum ECollisionChannel { ECC_WorldStatic, ECC_WorldDynamic, ECC_Pawn, ECC_Visibility, ECC_Camera };

class UPhysicalMaterial : public UObject
{
public:
    static EPhysicalSurface DetermineSurfaceType(UPhysicalMaterial const* PhysicalMaterial)
    {
        return PhysicalMaterial != nullptr ? PhysicalMaterial->SurfaceType : TEnumAsByte<EPhysicalSurface>(SurfaceType_Default);
    }

    TEnumAsByte<EPhysicalSurface> SurfaceType = SurfaceType_Default;
};

struct FPhysicalSurfaceName
{
    TEnumAsByte<EPhysicalSurface> Type = SurfaceType_Default;
    FName Name;
};

/// The project's settings.
class UPhysicsSettings : public UObject
{
public:
    static UPhysicsSettings* Get()
    {
        static UPhysicsSettings Settings;
        return &Settings;
    }

    TArray<FPhysicalSurfaceName> PhysicalSurfaces;
};

#define SCENE_QUERY_STAT(Name) TEXT(#Name)

struct FCollisionQueryParams
{
    FCollisionQueryParams(FName, bool bInTraceComplex, const AActor* InIgnoreActor) : bTraceComplex(bInTraceComplex), StubIgnored(InIgnoreActor) {}

    bool bTraceComplex;
    bool bReturnPhysicalMaterial = false;
    const AActor* StubIgnored;
};

struct FHitResult
{
    float Distance = 0.0f;
    TWeakObjectPtr<UPhysicalMaterial> PhysMaterial;
};

/// A level rectangle that one channel hits; an actor may own it.
struct FStubGround
{
    FVector LowCm, HighCm; // the height is the higher corner's
    UPhysicalMaterial* Material = nullptr;
    ECollisionChannel Channel = ECC_Visibility;
    const AActor* Owner = nullptr;

    bool IsHit(const FVector& Start, const FVector& End, ECollisionChannel TraceChannel, const FCollisionQueryParams& Params) const
    {
        const bool bInside = Start.X >= LowCm.X && Start.X <= HighCm.X && Start.Y >= LowCm.Y && Start.Y <= HighCm.Y;
        const bool bIgnored = Owner != nullptr && Owner == Params.StubIgnored;
        return bInside && !bIgnored && Channel == TraceChannel && Start.Z >= HighCm.Z && End.Z <= HighCm.Z;
    }
};
