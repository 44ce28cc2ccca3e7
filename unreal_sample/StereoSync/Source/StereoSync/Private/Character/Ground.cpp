#include "Character/Ground.h"

#include "CollisionQueryParams.h"
#include "CoreText.h"
#include "Engine/Engine.h"
#include "Engine/HitResult.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "PhysicalMaterials/PhysicalMaterial.h"
#include "PhysicsEngine/PhysicsSettings.h"

namespace
{
    constexpr double AboveCm = 30.0; // a foot may sink into the ground, a kerb may reach above it

    const UPhysicalMaterial* MaterialUnder(const AActor& Actor, const FVector& FromCm, double DownCm, ECollisionChannel Channel)
    {
        FCollisionQueryParams Params(SCENE_QUERY_STAT(StereoSyncGround), false, &Actor);
        Params.bReturnPhysicalMaterial = true;
        FHitResult Hit;
        const FVector Up = FVector::UpVector;
        Actor.GetWorld()->LineTraceSingleByChannel(Hit, FromCm + Up * AboveCm, FromCm - Up * DownCm, Channel, Params);
        return Hit.PhysMaterial.Get();
    }

    FString NameOf(const UPhysicalMaterial& Material)
    {
        const EPhysicalSurface Type = UPhysicalMaterial::DetermineSurfaceType(&Material);
        for (const FPhysicalSurfaceName& Surface : UPhysicsSettings::Get()->PhysicalSurfaces)
        {
            if (Surface.Type == Type)
            {
                return Surface.Name.ToString();
            }
        }
        const bool bDefault = GEngine != nullptr && GEngine->DefaultPhysMaterial.Get() == &Material;
        return bDefault ? FString() : Material.GetName();
    }
}

const stereosync::ShortText& FGround::Under(const AActor& Actor, const FVector& FromCm, double DownCm, ECollisionChannel Channel)
{
    const UPhysicalMaterial* Found = MaterialUnder(Actor, FromCm, DownCm, Channel);
    if (Found == nullptr)
    {
        Word = {};
    }
    else if (Found != Material.Get())
    {
        Word = StereoSync::ToUtf8(NameOf(*Found));
    }
    Material = Found;
    return Word;
}
