#include "StereoSyncCharacterComponent.h"

#include "Animation/AnimSequence.h"
#include "Character/CharacterTold.h"
#include "Character/GaitExport.h"
#include "Engine/World.h"

namespace
{
    /// Ids given by the plugin begin here, above those that people choose.
    constexpr int32 FirstGivenId = 1000000;

    TArray<TWeakObjectPtr<UStereoSyncCharacterComponent>>& Playing()
    {
        static TArray<TWeakObjectPtr<UStereoSyncCharacterComponent>> Characters;
        return Characters;
    }

    int32 NextId()
    {
        static int32 Given = 0;
        return FirstGivenId + ++Given;
    }
}

UStereoSyncCharacterComponent::UStereoSyncCharacterComponent()
    : Told(MakeShared<FCharacterTold>())
{
    PrimaryComponentTick.bCanEverTick = false;
}

int32 UStereoSyncCharacterComponent::GetCharacterId() const
{
    return Id != 0 ? Id : GivenId;
}

void UStereoSyncCharacterComponent::ExportGaits()
{
    ExportGaitsOf(*this);
}

void UStereoSyncCharacterComponent::TellContact(
    EStereoSyncSide Side, float SecondsAhead, float Strength, const FString& ContactSurface)
{
    Told->TellContact(Side, SecondsAhead, Strength, ContactSurface);
}

void UStereoSyncCharacterComponent::TellFoot(EStereoSyncSide Side, FVector PlaceCm, bool bGrounded)
{
    Told->TellFoot(Side, PlaceCm, bGrounded);
}

FCharacterTold& UStereoSyncCharacterComponent::GetTold() const
{
    return *Told;
}

void UStereoSyncCharacterComponent::BeginPlay()
{
    Super::BeginPlay();
    GivenId = NextId();
    Playing().Add(this);
}

void UStereoSyncCharacterComponent::EndPlay(const EEndPlayReason::Type EndPlayReason)
{
    Playing().Remove(this);
    Super::EndPlay(EndPlayReason);
}

TArray<const UStereoSyncCharacterComponent*> UStereoSyncCharacterComponent::InWorld(const UWorld* World)
{
    TArray<const UStereoSyncCharacterComponent*> Characters;
    for (const TWeakObjectPtr<UStereoSyncCharacterComponent>& Weak : Playing())
    {
        const UStereoSyncCharacterComponent* Character = Weak.Get();
        if (Character != nullptr && Character->GetWorld() == World)
        {
            Characters.Add(Character);
        }
    }
    return Characters;
}
