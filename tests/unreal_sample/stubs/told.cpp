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
#include "told_rig.h"

#include "Capture/SceneTold.h"
#include "Character/CharacterTold.h"

#include <iostream>

namespace
{
    constexpr double CaptureS = 1000.0;

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
