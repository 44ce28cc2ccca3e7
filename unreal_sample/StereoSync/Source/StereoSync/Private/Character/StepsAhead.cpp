#include "Character/StepsAhead.h"

#include "AnimNotify_StereoSyncFootstep.h"
#include "Animation/AnimInstance.h"
#include "Animation/AnimSequence.h"
#include "Animation/AnimationAsset.h"
#include "Character/PlayedClips.h"
#include "Components/SkeletalMeshComponent.h"
#include "CoreText.h"
#include "GameFramework/Actor.h"
#include "StereoSyncCharacterComponent.h"

namespace
{
    constexpr double MostOfThePose = 0.5; // of clips that are blended only one is heard

    int IndexOf(EStereoSyncSide Side)
    {
        return Side == EStereoSyncSide::Left ? 0 : 1;
    }

    bool HasSteps(const UAnimSequenceBase& Sequence, const UStereoSyncCharacterComponent& Character)
    {
        FContact Step;
        for (const FAnimNotifyEvent& Event : Sequence.Notifies)
        {
            if (StepOf(Event, Character, Step))
            {
                return true;
            }
        }
        return false;
    }

    /// Seconds of a clip per second of its graph, to seconds of the clip per second of the world.
    double WorldRate(const USkeletalMeshComponent& Mesh)
    {
        return Mesh.GlobalAnimRateScale * Mesh.GetOwner()->GetActorTimeDilation();
    }

    void SuggestNotifies(UAnimInstance& Graph, const UStereoSyncCharacterComponent& Character, double Rate, double NowS, FContactBook& Book)
    {
        FPlayedClip Heaviest;
        Heaviest.Weight = MostOfThePose;
        ForEachClip(Graph,
            [&Heaviest, &Character](const FPlayedClip& Clip)
            {
                if (Clip.Weight > Heaviest.Weight && HasSteps(*Clip.Sequence, Character))
                {
                    Heaviest = Clip;
                }
            });
        if (Heaviest.Sequence == nullptr)
        {
            return;
        }
        Heaviest.Time.Rate *= Rate;
        FContact Step;
        for (const FAnimNotifyEvent& Event : Heaviest.Sequence->Notifies)
        {
            const double AheadS = StereoSync::SecondsUntil(Event.GetTriggerTime(), Heaviest.Time);
            if (AheadS <= FContactBook::AheadS && StepOf(Event, Character, Step))
            {
                Step.Side = Heaviest.bMirrored ? 1 - Step.Side : Step.Side;
                Step.AtS = NowS + AheadS;
                Book.Suggest(Step);
            }
        }
    }

    /// Of the clip that leads a sync group; 0 where none does.
    double LeaderRate(const FAnimGroupInstance& Group)
    {
        FPlayedClip Heaviest;
        if (Group.bCanUseMarkerSync && Group.ActivePlayers.IsValidIndex(Group.GroupLeaderIndex))
        {
            ForEachClip(Group.ActivePlayers[Group.GroupLeaderIndex],
                [&Heaviest](const FPlayedClip& Clip)
                {
                    Heaviest = Heaviest.Sequence == nullptr || Clip.Weight > Heaviest.Weight ? Clip : Heaviest;
                });
        }
        return Heaviest.Time.Rate;
    }

    void SuggestMarkers(UAnimInstance& Graph, const UStereoSyncCharacterComponent& Character, double Rate, double NowS, FContactBook& Book)
    {
        const FName Markers[2] = {Character.LeftContact, Character.RightContact};
        for (const auto& Group : Graph.GetSyncGroupMapRead())
        {
            const double ClipRate = LeaderRate(Group.Value) * Rate;
            for (int Side = 0; Side < 2 && ClipRate != 0.0; ++Side)
            {
                float ClipS = 0.0f; // to the marker, below 0 where it was passed
                const bool bFound = Graph.GetTimeToClosestMarker(Group.Key, Markers[Side], ClipS);
                const double AheadS = ClipS / ClipRate;
                if (bFound && AheadS <= FContactBook::AheadS && AheadS >= -FContactBook::BackS)
                {
                    Book.Suggest({Side, NowS + AheadS, -1.0, {}});
                }
            }
        }
    }
}

bool StepOf(const FAnimNotifyEvent& Event, const UStereoSyncCharacterComponent& Character, FContact& Step)
{
    const UAnimNotify* Notify = Event.Notify;
    if (const UAnimNotify_StereoSyncFootstep* Footstep = Cast<UAnimNotify_StereoSyncFootstep>(Notify))
    {
        Step = {IndexOf(Footstep->Side), 0.0, Footstep->Strength, StereoSync::ToUtf8(Footstep->Surface)};
        return true;
    }
    if (Event.NotifyName != Character.LeftContact && Event.NotifyName != Character.RightContact)
    {
        return false;
    }
    Step = {Event.NotifyName == Character.LeftContact ? 0 : 1, 0.0, -1.0, {}};
    return true;
}

void SuggestStepsAhead(const USkeletalMeshComponent& Mesh, const UStereoSyncCharacterComponent& Character, double NowS, FContactBook& Book)
{
    UAnimInstance* Graph = Mesh.GetAnimInstance();
    if (Graph == nullptr)
    {
        return;
    }
    SuggestNotifies(*Graph, Character, WorldRate(Mesh), NowS, Book); // first: they can tell more than a marker
    SuggestMarkers(*Graph, Character, WorldRate(Mesh), NowS, Book);
}
