#include "Character/PlayedClips.h"

#include "Animation/AnimInstance.h"
#include "Animation/AnimSequence.h"
#include "Animation/AnimationAsset.h"
#include "Animation/BlendSpace.h"

namespace
{
    void AddSequence(const FAnimTickRecord& Player, const UAnimSequenceBase& Sequence, TFunctionRef<void(const FPlayedClip&)> Take)
    {
        FPlayedClip Clip;
        Clip.Sequence = &Sequence;
        Clip.Time = {*Player.TimeAccumulator, Sequence.GetPlayLength(), Player.PlayRateMultiplier * Sequence.RateScale, Player.bLooping};
        Clip.Weight = Player.EffectiveBlendWeight;
        Clip.bMirrored = Player.MirrorDataTable != nullptr;
        Take(Clip);
    }

    double OwnRate(const FBlendSampleData& Sample)
    {
        const double SampleRate = Sample.SamplePlayRate != 0.0f ? Sample.SamplePlayRate : 1.0;
        return SampleRate * Sample.Animation->RateScale;
    }

    /// With sync markers the clips keep their rates, without them they take equally long.
    void AddSamples(const FAnimTickRecord& Player, const TArray<FBlendSampleData>& Samples, TFunctionRef<void(const FPlayedClip&)> Take)
    {
        StereoSync::BlendedDuration Duration;
        for (const FBlendSampleData& Sample : Samples)
        {
            if (Sample.Animation != nullptr)
            {
                Duration.Add(Sample.GetClampedWeight(), Sample.Animation->GetPlayLength(), OwnRate(Sample));
            }
        }
        for (const FBlendSampleData& Sample : Samples)
        {
            if (Sample.Animation == nullptr)
            {
                continue;
            }
            const double LengthS = Sample.Animation->GetPlayLength(), Own = OwnRate(Sample);
            const double Rate = Player.bCanUseMarkerSync ? Own : Duration.RateOf(LengthS, Own);
            FPlayedClip Clip;
            Clip.Sequence = Sample.Animation;
            Clip.Time = {Sample.Time, LengthS, Player.PlayRateMultiplier * Rate, Player.bLooping};
            Clip.Weight = Player.EffectiveBlendWeight * Sample.GetClampedWeight();
            Clip.bMirrored = Player.MirrorDataTable != nullptr;
            Take(Clip);
        }
    }
}

void ForEachClip(const FAnimTickRecord& Player, TFunctionRef<void(const FPlayedClip&)> Take)
{
    const UAnimationAsset* Asset = Player.SourceAsset;
    const UAnimSequenceBase* Sequence = Cast<UAnimSequenceBase>(Asset);
    if (Sequence != nullptr && Player.TimeAccumulator != nullptr) // montages have no accumulator
    {
        AddSequence(Player, *Sequence, Take);
    }
    else if (Cast<UBlendSpace>(Asset) != nullptr && Player.BlendSpace.BlendSampleDataCache != nullptr)
    {
        AddSamples(Player, *Player.BlendSpace.BlendSampleDataCache, Take);
    }
}

void ForEachClip(UAnimInstance& Graph, TFunctionRef<void(const FPlayedClip&)> Take)
{
    for (const auto& Group : Graph.GetSyncGroupMapRead())
    {
        for (const FAnimTickRecord& Player : Group.Value.ActivePlayers)
        {
            ForEachClip(Player, Take);
        }
    }
    for (const FAnimTickRecord& Player : Graph.GetUngroupedActivePlayersRead())
    {
        ForEachClip(Player, Take);
    }
}
