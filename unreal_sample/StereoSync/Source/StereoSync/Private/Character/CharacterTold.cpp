#include "Character/CharacterTold.h"

#include "Character/FindMesh.h"
#include "Character/StepsAhead.h"
#include "CoreText.h"
#include "HAL/PlatformTime.h"
#include "StereoSyncCharacterComponent.h"

namespace
{
    stereosync::ContactSpec Describe(const FContact& Contact, double NowS, double CaptureClientS)
    {
        stereosync::ContactSpec Spec;
        Spec.side = Contact.Side == 0 ? stereosync::Side::left : stereosync::Side::right;
        Spec.time_client_s = CaptureClientS + (Contact.AtS - NowS);
        if (Contact.Strength >= 0.0)
        {
            Spec.strength = FMath::Min(Contact.Strength, 1.0);
        }
        Spec.surface = Contact.Surface;
        return Spec;
    }
}

void FCharacterTold::TellFoot(EStereoSyncSide Side, const FVector& PlaceCm, bool bGrounded)
{
    Feet.Tell(Side, PlaceCm, bGrounded, FPlatformTime::Seconds());
}

void FCharacterTold::TellContact(EStereoSyncSide Side, double SecondsAhead, double Strength, const FString& Surface)
{
    if (!FMath::IsFinite(SecondsAhead))
    {
        return;
    }
    const double NowS = FPlatformTime::Seconds();
    Contacts.Forget(NowS);
    Contacts.Tell({Side == EStereoSyncSide::Left ? 0 : 1, NowS + SecondsAhead, Strength, StereoSync::ToUtf8(Surface)});
}

void FCharacterTold::Fill(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double CaptureClientS)
{
    const double NowS = FPlatformTime::Seconds();
    Feet.Fill(Box, Character, NowS);
    if (Character.bTellContacts)
    {
        AddContacts(Box, Character, NowS, CaptureClientS);
    }
}

void FCharacterTold::AddContacts(
    stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double NowS, double CaptureClientS)
{
    Contacts.Forget(NowS);
    FContactBook Now = Contacts;
    const USkeletalMeshComponent* Mesh = FindMesh(*Character.GetOwner(), AnimatedMesh,
        [](const USkeletalMeshComponent& One)
        {
            return One.GetAnimInstance() != nullptr;
        });
    if (Mesh != nullptr)
    {
        SuggestStepsAhead(*Mesh, Character, NowS, Now);
    }
    for (const FContact& Contact : Now)
    {
        if (Contact.AtS <= NowS + FContactBook::AheadS)
        {
            Box.contacts.add(Describe(Contact, NowS, CaptureClientS));
        }
    }
}
