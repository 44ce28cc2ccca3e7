#include "StereoSyncPlace.h"

#include "Components/BoxComponent.h"
#include "Engine/World.h"

namespace
{
    constexpr double UsualHalfCm = 500.0;

    TArray<TWeakObjectPtr<const AStereoSyncPlace>>& Playing()
    {
        static TArray<TWeakObjectPtr<const AStereoSyncPlace>> Places;
        return Places;
    }
}

AStereoSyncPlace::AStereoSyncPlace()
{
    PrimaryActorTick.bCanEverTick = false;
    Box = CreateDefaultSubobject<UBoxComponent>(TEXT("Box"));
    Box->SetBoxExtent(FVector(UsualHalfCm, UsualHalfCm, UsualHalfCm));
    Box->SetCollisionEnabled(ECollisionEnabled::NoCollision);
    RootComponent = Box;
}

void AStereoSyncPlace::BeginPlay()
{
    Super::BeginPlay();
    Playing().Add(this);
}

void AStereoSyncPlace::EndPlay(const EEndPlayReason::Type EndPlayReason)
{
    Playing().Remove(this);
    Super::EndPlay(EndPlayReason);
}

bool AStereoSyncPlace::Holds(const FVector& PointCm) const
{
    const FVector Half = Box->GetUnscaledBoxExtent();
    const FVector Local = Box->GetComponentTransform().InverseTransformPosition(PointCm);
    return FMath::Abs(Local.X) <= Half.X && FMath::Abs(Local.Y) <= Half.Y && FMath::Abs(Local.Z) <= Half.Z;
}

const AStereoSyncPlace* AStereoSyncPlace::At(const UWorld* World, const FVector& PointCm)
{
    const AStereoSyncPlace* Found = nullptr;
    for (const TWeakObjectPtr<const AStereoSyncPlace>& Weak : Playing())
    {
        const AStereoSyncPlace* Place = Weak.Get();
        const bool bHolds = Place != nullptr && Place->GetWorld() == World && Place->Holds(PointCm);
        Found = bHolds && (Found == nullptr || Place->Priority > Found->Priority) ? Place : Found;
    }
    return Found;
}
