// Begins the sample's game mode in an empty world, for the tests, and says what it made.
#include "stub_engine.h"

#include "StereoSyncBridgeComponent.h"
#include "StereoSyncCharacterComponent.h"
#include "StereoSyncSampleGameMode.h"
#include "StereoSyncWalker.h"

namespace
{
    template <typename T>
    int CountOf(const UWorld& World)
    {
        int Count = 0;
        for (AActor* Actor : World.Actors)
        {
            TArray<T*> Found;
            if constexpr (std::is_base_of_v<UActorComponent, T>)
            {
                Actor->GetComponents(Found);
            }
            Count += Found.Num() + (dynamic_cast<T*>(static_cast<UObject*>(Actor)) != nullptr);
        }
        return Count;
    }

    void End(const UWorld& World)
    {
        for (AActor* Actor : World.Actors)
        {
            for (UActorComponent* Component : std::vector<UActorComponent*>(Actor->Components))
            {
                Component->EndPlay(EEndPlayReason::EndPlayInEditor);
            }
        }
    }
}

int main()
{
    UWorld World;
    World.Player = StubMake<APlayerController>(&World, NAME_None);
    World.SpawnActor<AStereoSyncSampleGameMode>(FVector::ZeroVector, FRotator::ZeroRotator)->StartPlay();
    std::printf("walkers=%d lights=%d floors=%d", CountOf<AStereoSyncWalker>(World), CountOf<ADirectionalLight>(World), CountOf<AStaticMeshActor>(World));
    for (const AActor* Actor : World.Actors)
    {
        const auto* Floor = dynamic_cast<const AStaticMeshActor*>(Actor);
        if (Floor != nullptr)
        {
            std::printf(" ground=%s", StubNarrow(*Floor->Mesh->StubMaterial->GetName()).c_str());
        }
    }
    std::printf(" bridges=%d characters=%d\n", CountOf<UStereoSyncBridgeComponent>(World), UStereoSyncCharacterComponent::InWorld(&World).Num());
    const FRotator Look = World.Player->ViewTarget->StubRotation;
    std::printf("camera pitch=%.3f yaw=%.3f\n", Look.Pitch, Look.Yaw);
    End(World);
    std::printf("afterwards characters=%d\n", UStereoSyncCharacterComponent::InWorld(&World).Num());
    return 0;
}
