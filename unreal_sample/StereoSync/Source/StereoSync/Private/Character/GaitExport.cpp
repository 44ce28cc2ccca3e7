#include "Character/GaitExport.h"

#include "Animation/AnimSequence.h"
#include "Axes.h"
#include "Character/CharacterShape.h"
#include "Character/FindMesh.h"
#include "Character/StepsAhead.h"
#include "CoreText.h"
#include "Engine/SkeletalMesh.h"
#include "Misc/FileHelper.h"
#include "Misc/Paths.h"
#include "Pure/GaitText.h"
#include "StereoSyncCharacterComponent.h"
#include "StereoSyncLog.h"

namespace
{
    using StereoSync::GaitCycle;
    using StereoSync::PointList;

    constexpr double FrameRateHz = 60.0;
    constexpr int FewestFrames = 8;

    /// A copy of a mesh that is posed by hand, for the actor's own is to stay as it is.
    class FPosedMesh
    {
    public:
        FPosedMesh(AActor& Actor, USkeletalMeshComponent& Original)
            : Mesh(NewObject<USkeletalMeshComponent>(&Actor))
            , FromWorld(Actor.GetActorTransform().GetRotation(), Original.GetComponentTransform().GetLocation())
        {
            Mesh->SetSkeletalMeshAsset(Original.GetSkeletalMeshAsset());
            Mesh->SetupAttachment(&Original);
            Mesh->RegisterComponent();
            Mesh->SetAnimationMode(EAnimationMode::AnimationSingleNode);
        }

        FPosedMesh(const FPosedMesh&) = delete;
        FPosedMesh& operator=(const FPosedMesh&) = delete;

        ~FPosedMesh()
        {
            Mesh->DestroyComponent();
        }

        /// The points of a clip's pose, as a gait has them: the actor faces X, and its mesh stands on the ground.
        PointList PointsAt(UAnimSequence& Clip, double TimeS, const UStereoSyncCharacterComponent& Character)
        {
            Mesh->SetAnimation(&Clip);
            Mesh->SetPosition(static_cast<float>(TimeS), false);
            Mesh->TickAnimation(0.0f, false);
            Mesh->RefreshBoneTransforms();
            PointList Points;
            for (const StereoSync::Cuboid& Cuboid : ShapeOf(*Mesh, Character.BoneMarginCm).Cuboids)
            {
                Points.insert(Points.end(), Cuboid.begin(), Cuboid.end());
            }
            Points.push_back(StereoSync::ToVec3(Mesh->GetSocketLocation(Character.LeftFoot)));
            Points.push_back(StereoSync::ToVec3(Mesh->GetSocketLocation(Character.RightFoot)));
            for (StereoSync::Vec3& Point : Points)
            {
                Point = StereoSync::ToVec3(FromWorld.InverseTransformPosition(StereoSync::ToVector(Point)));
            }
            return Points;
        }

    private:
        USkeletalMeshComponent* Mesh;
        FTransform FromWorld;
    };

    /// The phases as notifies say; false where they do not name one left and one right step.
    bool TellContacts(const UAnimSequence& Clip, const UStereoSyncCharacterComponent& Character, GaitCycle& Cycle)
    {
        int Found[2] = {0, 0};
        FContact Step;
        for (const FAnimNotifyEvent& Event : Clip.Notifies)
        {
            if (StepOf(Event, Character, Step))
            {
                ++Found[Step.Side];
                Cycle.Phases[static_cast<std::size_t>(Step.Side)] = std::fmod(Event.GetTriggerTime() / Cycle.PeriodS, 1.0);
            }
        }
        return Found[0] == 1 && Found[1] == 1;
    }

    /// The text says why the clip is no gait.
    std::string CycleOf(UAnimSequence& Clip, const UStereoSyncCharacterComponent& Character, FPosedMesh& Mesh, GaitCycle& Cycle)
    {
        Cycle.Name = StereoSync::ToUtf8(Clip.GetName());
        Cycle.PeriodS = Clip.GetPlayLength();
        if (Cycle.PeriodS <= 0.0)
        {
            return "it has no length";
        }
        const int Frames = std::max(FewestFrames, static_cast<int>(std::lround(FrameRateHz * Cycle.PeriodS)));
        for (int Frame = 0; Frame < Frames; ++Frame)
        {
            Cycle.Frames.push_back(Mesh.PointsAt(Clip, Frame * Cycle.PeriodS / Frames, Character));
        }
        const std::string Why = StereoSync::PutOnTheSpot(Cycle, Mesh.PointsAt(Clip, StereoSync::NearlyAll * Cycle.PeriodS, Character));
        return !Why.empty() || TellContacts(Clip, Character, Cycle) ? Why : StereoSync::FindContacts(Cycle);
    }

    /// In the project's folder, where no file is yet.
    FString FreePath(const FString& Body)
    {
        const std::string Stem = StereoSync::ToUtf8(FPaths::ProjectDir()) + StereoSync::ToUtf8(Body) + "-gaits";
        FString Path = StereoSync::FromUtf8(Stem + ".json");
        for (int Number = 2; FPaths::FileExists(Path); ++Number)
        {
            Path = StereoSync::FromUtf8(Stem + "-" + std::to_string(Number) + ".json");
        }
        return FPaths::ConvertRelativePathToFull(Path);
    }

    void Write(const FString& Body, const std::vector<GaitCycle>& Cycles)
    {
        const FString Path = FreePath(Body);
        const FString Text = StereoSync::FromUtf8(StereoSync::GaitText(StereoSync::ToUtf8(Body), Cycles));
        if (!FFileHelper::SaveStringToFile(Text, *Path, FFileHelper::EEncodingOptions::ForceUTF8WithoutBOM))
        {
            UE_LOG(LogStereoSync, Error, TEXT("Gaits cannot be written there: %s"), *Path);
            return;
        }
        const std::string Count = std::to_string(Cycles.size()) + " gaits were written; next: stereosync-fit \"";
        UE_LOG(LogStereoSync, Display, TEXT("%s"), *StereoSync::FromUtf8(Count + StereoSync::ToUtf8(Path) + "\" --bundle walk --out my-walk"));
    }
}

void ExportGaitsOf(const UStereoSyncCharacterComponent& Character)
{
    AActor* Actor = Character.GetOwner();
    TWeakObjectPtr<USkeletalMeshComponent> Known;
    USkeletalMeshComponent* Original = FindMesh(*Actor, Known,
        [&Character](const USkeletalMeshComponent& One) { return One.DoesSocketExist(Character.LeftFoot) && One.DoesSocketExist(Character.RightFoot); });
    if (Original == nullptr || Character.GaitClips.IsEmpty())
    {
        UE_LOG(LogStereoSync, Warning, TEXT("No gait is exported: set Left Foot, Right Foot and Gait Clips of %s"), *Actor->GetName());
        return;
    }
    if (Original->GetPhysicsAsset() == nullptr)
    {
        UE_LOG(LogStereoSync, Warning, TEXT("There is no physics asset, so bones and a margin stand for the body of %s"), *Actor->GetName());
    }
    FPosedMesh Mesh(*Actor, *Original);
    std::vector<GaitCycle> Cycles;
    for (UAnimSequence* Clip : Character.GaitClips)
    {
        GaitCycle Cycle;
        const std::string Why = Clip == nullptr ? "it is empty" : CycleOf(*Clip, Character, Mesh, Cycle);
        if (Why.empty())
        {
            Cycles.push_back(Cycle);
            continue;
        }
        UE_LOG(LogStereoSync, Display, TEXT("%s"), *StereoSync::FromUtf8("The clip " + Cycle.Name + " was left out: " + Why));
    }
    if (!Cycles.empty())
    {
        Write(Actor->GetName(), Cycles);
    }
}
