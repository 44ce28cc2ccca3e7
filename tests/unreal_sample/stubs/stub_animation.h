// A stand-in for animation: clips with notifies, the records of what a graph plays, sync groups with markers.
#pragma once

#include "stub_object.h"

class UMirrorDataTable;
class USkeletalMeshComponent;
class UAnimSequenceBase;

struct FAnimNotifyEventReference
{
    const UMirrorDataTable* GetMirrorDataTable() const { return StubMirror; }
    const UMirrorDataTable* StubMirror = nullptr;
};

class UMirrorDataTable : public UObject
{
};

class UAnimNotify : public UObject
{
public:
    virtual void Notify(USkeletalMeshComponent*, UAnimSequenceBase*, const FAnimNotifyEventReference&) {}
    virtual FString GetNotifyName_Implementation() const { return FString(); }
};

struct FAnimNotifyEvent
{
    float GetTriggerTime() const { return StubTimeS; }

    TObjectPtr<UAnimNotify> Notify;
    FName NotifyName;
    float StubTimeS = 0.0f;
};

class UAnimationAsset : public UObject
{
public:
    virtual float GetPlayLength() const { return 0.0f; }
};

class UAnimSequenceBase : public UAnimationAsset
{
public:
    virtual float GetPlayLength() const override { return StubLengthS; }

    TArray<FAnimNotifyEvent> Notifies;
    float RateScale = 1.0f;
    float StubLengthS = 1.0f;
};

class UAnimSequence : public UAnimSequenceBase
{
public:
    std::function<void(TArray<FTransform>&, float)> StubPose; // of the bones at a time
};

class UBlendSpace : public UAnimationAsset
{
};

struct FBlendSampleData
{
    float GetClampedWeight() const { return FMath::Clamp(TotalWeight, 0.0f, 1.0f); }

    TObjectPtr<UAnimSequence> Animation;
    float TotalWeight = 0.0f;
    float Time = 0.0f;
    float SamplePlayRate = 0.0f;
};

struct FMarkerPair
{
    float TimeToMarker = 0.0f;
};

struct FMarkerTickRecord
{
    FMarkerPair PreviousMarker, NextMarker;
};

struct FAnimTickRecord
{
    TObjectPtr<UAnimationAsset> SourceAsset;
    float* TimeAccumulator = nullptr;
    float PlayRateMultiplier = 1.0f;
    float EffectiveBlendWeight = 0.0f;
    bool bLooping = false;
    const UMirrorDataTable* MirrorDataTable = nullptr;

    struct
    {
        TArray<FBlendSampleData>* BlendSampleDataCache = nullptr;
    } BlendSpace;

    FMarkerTickRecord* MarkerTickRecord = nullptr;
    bool bCanUseMarkerSync = false;
};

struct FAnimGroupInstance
{
    TArray<FAnimTickRecord> ActivePlayers;
    int32 GroupLeaderIndex = INDEX_NONE;
    bool bCanUseMarkerSync = false;
    FName StubPreviousMarker, StubNextMarker; // where the leader stands
};

class UAnimInstance : public UObject
{
public:
    const TMap<FName, FAnimGroupInstance>& GetSyncGroupMapRead() const { return StubGroups; }
    const TArray<FAnimTickRecord>& GetUngroupedActivePlayersRead() { return StubPlayers; }

    /// As the engine has it: of the two markers that the leader is between, in seconds of its clip, below 0 for the one behind.
    bool GetTimeToClosestMarker(FName SyncGroup, FName MarkerName, float& OutMarkerTime) const
    {
        const FAnimGroupInstance* Group = StubGroups.Find(SyncGroup);
        if (Group == nullptr || !Group->bCanUseMarkerSync || !Group->ActivePlayers.IsValidIndex(Group->GroupLeaderIndex))
        {
            return false;
        }
        const bool bPrevious = Group->StubPreviousMarker == MarkerName;
        const FMarkerTickRecord& Record = *Group->ActivePlayers[Group->GroupLeaderIndex].MarkerTickRecord;
        OutMarkerTime = (bPrevious ? Record.PreviousMarker : Record.NextMarker).TimeToMarker;
        return bPrevious || Group->StubNextMarker == MarkerName;
    }

    TMap<FName, FAnimGroupInstance> StubGroups;
    TArray<FAnimTickRecord> StubPlayers;
};
