// What a character's animation knows of steps that are still to come. Game thread, after the pose is final.
#pragma once

#include "Character/CharacterContacts.h"

class USkeletalMeshComponent;
class UStereoSyncCharacterComponent;
struct FAnimNotifyEvent;

/**
 * Adds the contacts of the next half second: of the sync markers of every sync group's leader, and of the footstep notifies of the clip that
 * has most of the pose. A contact of which the book has a word stays as it is.
 */
void SuggestStepsAhead(const USkeletalMeshComponent& Mesh, const UStereoSyncCharacterComponent& Character, double NowS, FContactBook& Book);

/** The step that a notify stands for, without its time; false where it stands for none. */
bool StepOf(const FAnimNotifyEvent& Event, const UStereoSyncCharacterComponent& Character, FContact& Step);
