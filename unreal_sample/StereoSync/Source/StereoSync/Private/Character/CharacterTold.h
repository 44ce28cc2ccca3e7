// What a character tells beside its box. Game thread.
#pragma once

#include "Character/CharacterContacts.h"
#include "Character/CharacterFeet.h"
#include "CoreMinimal.h"

class USkeletalMeshComponent;
class UStereoSyncCharacterComponent;

/** Kept by the character's component. */
class FCharacterTold
{
public:
    /** Where a foot is now. */
    void TellFoot(EStereoSyncSide Side, const FVector& PlaceCm, bool bGrounded);

    /** A foot that comes down so many seconds from now. @param Strength below 0: not told */
    void TellContact(EStereoSyncSide Side, double SecondsAhead, double Strength, const FString& Surface);

    /** Fills in feet, contacts and ground of this moment, which is CaptureClientS on the client's clock. */
    void Fill(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double CaptureClientS);

private:
    void AddContacts(stereosync::BoxSpec& Box, const UStereoSyncCharacterComponent& Character, double NowS, double CaptureClientS);

    FCharacterFeet Feet;
    FContactBook Contacts;
    TWeakObjectPtr<USkeletalMeshComponent> AnimatedMesh;
};
