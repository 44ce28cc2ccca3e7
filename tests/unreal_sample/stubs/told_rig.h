// The rig, the animation and the world of `told`, made line by line: told.cpp says which lines there are.
#pragma once

#include "stub_engine.h"

#include "AnimNotify_StereoSyncFootstep.h"
#include "StereoSyncCharacterComponent.h"
#include "StereoSyncPlace.h"

#include <deque>
#include <sstream>

namespace
{
    UWorld World;
    AActor* Actor = nullptr;
    USkeletalMeshComponent* Mesh = nullptr;
    UStereoSyncCharacterComponent* Character = nullptr;
    UAnimSequence* Clip = nullptr; // made last
    FAnimTickRecord Player;        // made last
    UPhysicalMaterial* Material = nullptr; // made last
    std::deque<float> Times;
    std::deque<TArray<FBlendSampleData>> Samples;
    std::deque<FMarkerTickRecord> Markers;

    /// The words of a line.
    class FWords
    {
    public:
        explicit FWords(const std::string& Line) : Stream(Line) {}

        std::string Text()
        {
            std::string Word;
            Stream >> Word;
            return Word == "-" ? "" : Word;
        }
        double Number() { return std::atof(Text().c_str()); }
        float Float() { return static_cast<float>(Number()); }
        bool Flag() { return Number() != 0.0; }
        FString String() { return StubWide(Text().c_str()).c_str(); }
        FName Name() { return FName(StubWide(Text().c_str()).c_str()); }
        FVector Vector()
        {
            const double X = Number(), Y = Number(), Z = Number();
            return {X, Y, Z};
        }
        EStereoSyncSide Side() { return Text() == "left" ? EStereoSyncSide::Left : EStereoSyncSide::Right; }

    private:
        std::istringstream Stream;
    };

    void Set(FWords& Words)
    {
        const std::string Name = Words.Text();
        if (Name == "feet") Character->bTellFeet = Words.Flag();
        else if (Name == "ground") Character->bTellGround = Words.Flag();
        else if (Name == "contacts") Character->bTellContacts = Words.Flag();
        else if (Name == "surface") Character->Surface = Words.String();
        else if (Name == "left") Character->LeftFoot = Words.Name();
        else if (Name == "right") Character->RightFoot = Words.Name();
        else if (Name == "left_contact") Character->LeftContact = Words.Name();
        else if (Name == "right_contact") Character->RightContact = Words.Name();
        else if (Name == "channel") Character->GroundChannel = static_cast<ECollisionChannel>(static_cast<int>(Words.Number()));
    }

    void LayGround(FWords& Words)
    {
        FStubGround Ground;
        Material = NewObject<UPhysicalMaterial>(&World, Words.Name());
        Material->SurfaceType = static_cast<EPhysicalSurface>(static_cast<int>(Words.Number()));
        Ground.Material = Material;
        Ground.LowCm.X = Words.Number();
        Ground.LowCm.Y = Words.Number();
        Ground.HighCm = Words.Vector();
        Ground.Channel = static_cast<ECollisionChannel>(static_cast<int>(Words.Number()));
        Ground.Owner = Words.Flag() ? Actor : nullptr;
        World.StubGrounds.push_back(Ground);
    }

    void Play(const FAnimTickRecord& Made)
    {
        Player = Made;
        Mesh->StubGraph->StubPlayers.Add(Made);
    }

    void AddClip(FWords& Words)
    {
        FAnimTickRecord Made;
        Times.push_back(Words.Float());
        Clip = NewObject<UAnimSequence>(Mesh);
        Clip->StubLengthS = Words.Float();
        Made.SourceAsset = Clip;
        Made.TimeAccumulator = &Times.back();
        Made.PlayRateMultiplier = Words.Float();
        Clip->RateScale = Words.Float();
        Made.bLooping = Words.Flag();
        Made.EffectiveBlendWeight = Words.Float();
        Made.MirrorDataTable = Words.Flag() ? NewObject<UMirrorDataTable>(Mesh) : nullptr;
        Play(Made);
    }

    void AddBlend(FWords& Words)
    {
        FAnimTickRecord Made;
        Samples.emplace_back();
        Made.SourceAsset = NewObject<UBlendSpace>(Mesh);
        Made.BlendSpace.BlendSampleDataCache = &Samples.back();
        Made.PlayRateMultiplier = Words.Float();
        Made.EffectiveBlendWeight = Words.Float();
        Made.bCanUseMarkerSync = Words.Flag();
        Made.bLooping = true;
        Play(Made);
    }

    void AddSample(FWords& Words)
    {
        FBlendSampleData Made;
        Clip = NewObject<UAnimSequence>(Mesh);
        Made.Animation = Clip;
        Made.Time = Words.Float();
        Clip->StubLengthS = Words.Float();
        Made.SamplePlayRate = Words.Float();
        Clip->RateScale = Words.Float();
        Made.TotalWeight = Words.Float();
        Samples.back().Add(Made);
    }

    UAnimNotify_StereoSyncFootstep* Footstep(FWords& Words)
    {
        UAnimNotify_StereoSyncFootstep* Made = NewObject<UAnimNotify_StereoSyncFootstep>(Mesh);
        Made->Side = Words.Side();
        return Made;
    }

    void AddStep(FWords& Words)
    {
        FAnimNotifyEvent Event;
        Event.StubTimeS = Words.Float();
        UAnimNotify_StereoSyncFootstep* Step = Footstep(Words);
        Step->Strength = Words.Float();
        Step->Surface = Words.String();
        Event.Notify = Step;
        Event.NotifyName = FName(*Step->GetNotifyName_Implementation());
        Clip->Notifies.Add(Event);
    }

    void AddNamed(FWords& Words)
    {
        FAnimNotifyEvent Event;
        Event.StubTimeS = Words.Float();
        Event.NotifyName = Words.Name();
        Clip->Notifies.Add(Event);
    }

    void Group(FWords& Words)
    {
        FAnimGroupInstance Made;
        FMarkerTickRecord& Record = Markers.emplace_back();
        Made.StubPreviousMarker = Words.Name();
        Record.PreviousMarker.TimeToMarker = Words.Float();
        Made.StubNextMarker = Words.Name();
        Record.NextMarker.TimeToMarker = Words.Float();
        Player.MarkerTickRecord = &Record;
        Made.ActivePlayers.Add(Player);
        Made.GroupLeaderIndex = 0;
        Made.bCanUseMarkerSync = true;
        Mesh->StubGraph->StubGroups.Add(TEXT("locomotion"), Made);
        Mesh->StubGraph->StubPlayers.Reset();
    }

    void Fire(FWords& Words)
    {
        UAnimNotify_StereoSyncFootstep* Step = Footstep(Words);
        FAnimNotifyEventReference Reference;
        Reference.StubMirror = Words.Flag() ? NewObject<UMirrorDataTable>(Mesh) : nullptr;
        Step->Notify(Mesh, Clip, Reference);
    }

    void AddPlace(FWords& Words)
    {
        const FVector Location = Words.Vector();
        AStereoSyncPlace* Place = World.SpawnActor<AStereoSyncPlace>(Location, FRotator(0, Words.Number(), 0));
        const double Half = Words.Number();
        Place->Box->SetBoxExtent(FVector(Half, Half, Half));
        Place->Place = Words.String();
        Place->bQuiet = Words.Flag();
        Place->Amount = Words.Float();
        Place->RoomSizeM = Words.Float();
        Place->RoomHardness = Words.Float();
        Place->bAmbience = Words.Flag();
        Place->Priority = Words.Float();
    }

    void Move(FWords& Words)
    {
        const FVector Location = Words.Vector();
        Mesh->SetWorldLocationAndRotation(Location, FRotator(0, Words.Number(), 0));
    }
}
