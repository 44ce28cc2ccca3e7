// Exports the gaits of a character whose clips are known, for the tests: `gaits FOLDER/`. The actor stands far off and turned, its mesh 90 cm
// below it and turned by -90 degrees, as a character of the engine has it, so that the mesh's own Y is ahead.
#include "stub_engine.h"

#include "AnimNotify_StereoSyncFootstep.h"
#include "StereoSyncCharacterComponent.h"

namespace
{
    UWorld World;

    /// In the air for the last 0.4 of each turn: 12 cm high.
    double Swing(double Turn)
    {
        const double Left = std::ceil(Turn) == Turn ? 1.0 : std::ceil(Turn) - Turn;
        return Left >= 0.4 ? 0.0 : Left * (0.4 - Left) * 300.0;
    }

    /// Hips, a nose ahead of them, and feet that come down at 0.3 and 0.8 of a turn; lift 0 stands. The way is the mesh's own.
    UAnimSequence* Clip(const TCHAR* Name, float LengthS, double Turns, double Lift, FVector WayCm)
    {
        UAnimSequence* Made = NewObject<UAnimSequence>(&World, Name);
        Made->StubLengthS = LengthS;
        Made->StubPose = [=](TArray<FTransform>& Bones, float TimeS)
        {
            const double Share = TimeS / LengthS, Turn = Turns * Share;
            const FVector Gone = WayCm * Share;
            Bones.Reset();
            Bones.Add(FTransform(FQuat::Identity, FVector(0, 0, 100) + Gone));
            Bones.Add(FTransform(FQuat::Identity, FVector(0, 25, 170) + Gone));
            Bones.Add(FTransform(FQuat::Identity, FVector(10, 0, 10 + Lift * Swing(Turn - 0.3)) + Gone));
            Bones.Add(FTransform(FQuat::Identity, FVector(-10, 0, 10 + Lift * Swing(Turn - 0.8)) + Gone));
        };
        return Made;
    }

    void AddStep(UAnimSequence& Made, EStereoSyncSide Side, float TimeS)
    {
        UAnimNotify_StereoSyncFootstep* Step = NewObject<UAnimNotify_StereoSyncFootstep>(&Made);
        Step->Side = Side;
        FAnimNotifyEvent Event;
        Event.Notify = Step;
        Event.StubTimeS = TimeS;
        Made.Notifies.Add(Event);
    }
}

int main(int, char** Arguments)
{
    FPaths::StubProject = StubWide(Arguments[1]).c_str();
    AActor* Actor = NewObject<AActor>(&World, TEXT("hero"));
    Actor->World = &World;
    Actor->RootComponent = Actor->CreateDefaultSubobject<USceneComponent>(TEXT("root"));
    Actor->RootComponent->SetWorldLocationAndRotation(FVector(300, 700, 90), FRotator(0, 130, 0));
    USkeletalMeshComponent* Mesh = Actor->CreateDefaultSubobject<USkeletalMeshComponent>(TEXT("mesh"));
    Mesh->SetupAttachment(Actor->RootComponent);
    Mesh->SetRelativeTransform(FTransform(FRotator(0, -90, 0), FVector(0, 0, -90)));
    USkeletalMesh* Asset = NewObject<USkeletalMesh>(&World);
    for (const TCHAR* Bone : {TEXT("hips"), TEXT("nose"), TEXT("foot_l"), TEXT("foot_r")})
    {
        Asset->StubBoneNames.Add(Bone);
    }
    Mesh->SetSkeletalMeshAsset(Asset);
    UStereoSyncCharacterComponent* Character = Actor->CreateDefaultSubobject<UStereoSyncCharacterComponent>(TEXT("character"));
    Character->BoneMarginCm = 0.0f; // its corners are the bones
    Character->ExportGaits(); // no clips
    UAnimSequence* Told = Clip(TEXT("told"), 1.1f, 1.0, 1.0, FVector(0, 150, 0));
    AddStep(*Told, EStereoSyncSide::Left, 0.33f);
    AddStep(*Told, EStereoSyncSide::Right, 1.1f);
    for (UAnimSequence* One : {Told, Clip(TEXT("found"), 0.5f, 1.0, 1.0, FVector()), Clip(TEXT("strafe"), 1.0f, 1.0, 1.0, FVector(150, 0, 0)),
             Clip(TEXT("climbs"), 1.0f, 1.0, 1.0, FVector(0, 0, 50)), Clip(TEXT("stands"), 1.0f, 1.0, 0.0, FVector()),
             Clip(TEXT("two"), 1.0f, 2.0, 1.0, FVector())})
    {
        Character->GaitClips.Add(One);
    }
    const std::size_t Before = Actor->Components.size();
    Character->ExportGaits();
    Character->ExportGaits();
    std::printf("untouched %d\n", Actor->Components.size() == Before && Mesh->StubMode == EAnimationMode::AnimationBlueprint);
}
