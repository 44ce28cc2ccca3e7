// One character whose rig, animation and world are told line by line on standard input, for the tests; `show` writes what it tells.
//
//     set NAME VALUE                  a property: feet, ground, contacts, surface, left, right, left_contact, right_contact, channel
//     bone NAME X Y Z                 of its skeletal mesh, cm; a mesh without bones has no sockets
//     actor X Y Z YAW                 where it stands
//     ground NAME TYPE X0 Y0 X1 Y1 Z CHANNEL MINE    a level rectangle of a material; TYPE 0 has no surface type, MINE belongs to the actor
//     type TYPE NAME                  the project's name of a surface type
//     default                         the engine's own material is that of the ground laid last
//     origin X Y Z                    of the world
//     clip AT LENGTH PLAY_RATE RATE_SCALE LOOPS WEIGHT MIRRORED
//     blend PLAY_RATE WEIGHT SYNCED   a blend space; sample AT LENGTH RATE RATE_SCALE WEIGHT adds a clip to it
//     step AT SIDE STRENGTH SURFACE   a StereoSync Footstep of the clip or sample made last; named AT NAME: another notify
//     group PREVIOUS AT NEXT AT       puts the player made last into a sync group, as its leader between these markers
//     speed ANIM_RATE DILATION        of the mesh and of the actor
//     foot SIDE X Y Z GROUNDED        TellFoot;  contact SIDE AHEAD STRENGTH SURFACE: TellContact;  fire SIDE MIRRORED: a notify is reached
//     wait SECONDS
//     place X Y Z YAW HALF NAME QUIET AMOUNT SIZE HARDNESS AMBIENCE PRIORITY
//     scene X Y Z AMBIENCE            what is told of the place where the camera is
//
// A dash is an empty text.
#include "stub_engine.h"

#include "AnimNotify_StereoSyncFootstep.h"
#include "Capture/SceneTold.h"
#include "Character/CharacterTold.h"
#include "StereoSyncCharacterComponent.h"
#include "StereoSyncPlace.h"

#include <deque>
#include <iostream>
#include <sstream>

namespace
{
    constexpr double CaptureS = 1000.0;

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

    const char* NameOf(stereosync::Side Side)
    {
        return Side == stereosync::Side::left ? "left" : "right";
    }

    std::string OrDash(const stereosync::ShortText& Text)
    {
        return Text.empty() ? "-" : std::string(Text.view());
    }

    void Show()
    {
        USkeletalMeshComponent::StubReads = UWorld::StubTraces = 0;
        stereosync::BoxSpec Box;
        Character->GetTold().Fill(Box, *Character, CaptureS);
        for (const stereosync::FootSpec& Foot : Box.feet)
        {
            const char* Grounded = !Foot.grounded.has_value() ? "-" : *Foot.grounded ? "1" : "0";
            std::printf("foot %s %.6f %.6f %.6f %s %s\n", NameOf(Foot.side), Foot.world_m[0], Foot.world_m[1], Foot.world_m[2], Grounded, OrDash(Foot.surface).c_str());
        }
        for (const stereosync::ContactSpec& Contact : Box.contacts)
        {
            std::printf("contact %s %.6f %.3f %s\n", NameOf(Contact.side), Contact.time_client_s - CaptureS, Contact.strength.value_or(-1), OrDash(Contact.surface).c_str());
        }
        std::printf("surface %s\n", OrDash(Box.surface).c_str());
        std::printf("cost %d %d\n", USkeletalMeshComponent::StubReads, UWorld::StubTraces);
    }

    void ShowScene(FWords& Words)
    {
        stereosync::Frame Frame;
        const FVector Camera = Words.Vector();
        TellScene(Frame, &World, Camera, Words.Flag());
        if (!Frame.scene.has_value())
        {
            std::printf("scene none\n");
            return;
        }
        const stereosync::SceneSpec& Scene = *Frame.scene;
        const std::string Place = !Scene.place.has_value() ? "none" : OrDash(*Scene.place);
        const stereosync::RoomSpec Room = Scene.room.value_or(stereosync::RoomSpec{-1, -1});
        std::printf("scene %s %.3f %.3f %.3f %d\n", Place.c_str(), Scene.amount.value_or(-1), Room.size_m, Room.hardness, Scene.ambience);
    }

    void Move(FWords& Words)
    {
        const FVector Location = Words.Vector();
        Mesh->SetWorldLocationAndRotation(Location, FRotator(0, Words.Number(), 0));
    }

    void Tell(const std::string& Verb, FWords& Words)
    {
        const EStereoSyncSide Side = Words.Side();
        if (Verb == "foot")
        {
            const FVector PlaceCm = Words.Vector();
            Character->TellFoot(Side, PlaceCm, Words.Flag());
            return;
        }
        const float AheadS = Words.Float(), Strength = Words.Float();
        Character->TellContact(Side, AheadS, Strength, Words.String());
    }

    void ActOnRig(const std::string& Verb, FWords& Words)
    {
        if (Verb == "set") Set(Words);
        else if (Verb == "actor") Move(Words);
        else if (Verb == "bone")
        {
            Mesh->BoneNames.Add(Words.Name());
            Mesh->Bones.Add(FTransform(FQuat::Identity, Words.Vector()));
        }
        else if (Verb == "speed")
        {
            Mesh->GlobalAnimRateScale = Words.Float();
            Actor->StubDilation = Words.Float();
        }
        else if (Verb == "foot" || Verb == "contact") Tell(Verb, Words);
        else if (Verb == "fire") Fire(Words);
        else if (Verb == "wait") FPlatformTime::StubNowS += Words.Number();
    }

    void ActOnWorld(const std::string& Verb, FWords& Words)
    {
        if (Verb == "ground") LayGround(Words);
        else if (Verb == "type")
        {
            const auto Type = static_cast<EPhysicalSurface>(static_cast<int>(Words.Number()));
            UPhysicsSettings::Get()->PhysicalSurfaces.Add({Type, Words.Name()});
        }
        else if (Verb == "default") GEngine->DefaultPhysMaterial = Material;
        else if (Verb == "origin")
        {
            const FVector Origin = Words.Vector();
            World.OriginLocation = {static_cast<int32>(Origin.X), static_cast<int32>(Origin.Y), static_cast<int32>(Origin.Z)};
        }
        else if (Verb == "place") AddPlace(Words);
        else if (Verb == "scene") ShowScene(Words);
    }

    void ActOnGraph(const std::string& Verb, FWords& Words)
    {
        if (Verb == "clip") AddClip(Words);
        else if (Verb == "blend") AddBlend(Words);
        else if (Verb == "sample") AddSample(Words);
        else if (Verb == "step") AddStep(Words);
        else if (Verb == "named") AddNamed(Words);
        else if (Verb == "group") Group(Words);
    }
}

int main()
{
    FPlatformTime::StubNowS = 5000.0;
    Actor = World.SpawnActor<AActor>(FVector::ZeroVector, FRotator::ZeroRotator);
    Mesh = NewObject<USkeletalMeshComponent>(Actor);
    Mesh->StubGraph = NewObject<UAnimInstance>(Mesh);
    Mesh->RegisterComponent();
    Actor->RootComponent = Mesh;
    Character = NewObject<UStereoSyncCharacterComponent>(Actor);
    Character->RegisterComponent();
    for (std::string Line; std::getline(std::cin, Line);)
    {
        FWords Words(Line);
        const std::string Verb = Words.Text();
        ActOnRig(Verb, Words);
        ActOnWorld(Verb, Words);
        ActOnGraph(Verb, Words);
        if (Verb == "show") Show();
    }
    return 0;
}
