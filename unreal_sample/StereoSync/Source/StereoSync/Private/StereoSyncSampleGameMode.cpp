#include "StereoSyncSampleGameMode.h"

#include "Camera/CameraActor.h"
#include "Components/LightComponent.h"
#include "Components/StaticMeshComponent.h"
#include "Engine/DirectionalLight.h"
#include "Engine/StaticMesh.h"
#include "Engine/StaticMeshActor.h"
#include "Engine/World.h"
#include "GameFramework/PlayerController.h"
#include "GameFramework/SpectatorPawn.h"
#include "PhysicalMaterials/PhysicalMaterial.h"
#include "StereoSyncBridgeComponent.h"
#include "StereoSyncWalker.h"

AStereoSyncSampleGameMode::AStereoSyncSampleGameMode()
{
    DefaultPawnClass = ASpectatorPawn::StaticClass();
}

void AStereoSyncSampleGameMode::StartPlay()
{
    Super::StartPlay();
    AddFloor();
    AddLight();
    GetWorld()->SpawnActor<AStereoSyncWalker>(FVector::ZeroVector, FRotator::ZeroRotator);
    AddBridge();
    LookFrom(FVector(-600.0, 0.0, 160.0), FVector(0.0, 0.0, 80.0));
}

void AStereoSyncSampleGameMode::AddFloor()
{
    AStaticMeshActor* Floor = GetWorld()->SpawnActor<AStaticMeshActor>(FVector::ZeroVector, FRotator::ZeroRotator);
    UStaticMeshComponent* Plane = Floor->GetStaticMeshComponent();
    Plane->SetMobility(EComponentMobility::Movable);
    Plane->SetStaticMesh(LoadObject<UStaticMesh>(nullptr, TEXT("/Engine/BasicShapes/Plane.Plane")));
    Plane->SetPhysMaterialOverride(NewObject<UPhysicalMaterial>(Floor, TEXT("PM_Stone"))); // its name is the ground that is told
    Floor->SetActorScale3D(FVector(40.0, 40.0, 1.0));
}

void AStereoSyncSampleGameMode::AddLight()
{
    ADirectionalLight* Light = GetWorld()->SpawnActor<ADirectionalLight>(FVector(0.0, 0.0, 500.0), FRotator(-50.0, 30.0, 0.0));
    Light->GetLightComponent()->SetMobility(EComponentMobility::Movable);
}

void AStereoSyncSampleGameMode::AddBridge()
{
    AActor* Host = GetWorld()->SpawnActor<AActor>(FVector::ZeroVector, FRotator::ZeroRotator);
    UStereoSyncBridgeComponent* Bridge = NewObject<UStereoSyncBridgeComponent>(Host, TEXT("StereoSyncBridge"));
    Host->AddInstanceComponent(Bridge);
    Bridge->RegisterComponent();
}

void AStereoSyncSampleGameMode::LookFrom(const FVector& Place, const FVector& Target)
{
    ACameraActor* Camera = GetWorld()->SpawnActor<ACameraActor>(Place, (Target - Place).Rotation());
    if (APlayerController* Player = GetWorld()->GetFirstPlayerController())
    {
        Player->SetViewTarget(Camera);
    }
}
