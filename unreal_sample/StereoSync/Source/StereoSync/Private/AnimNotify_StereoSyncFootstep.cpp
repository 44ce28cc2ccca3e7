#include "AnimNotify_StereoSyncFootstep.h"

#include "Animation/AnimNotifyQueue.h"
#include "Components/SkeletalMeshComponent.h"
#include "GameFramework/Actor.h"
#include "Pure/ClipTime.h"
#include "StereoSyncCharacterComponent.h"

void UAnimNotify_StereoSyncFootstep::Notify(
    USkeletalMeshComponent* MeshComp, UAnimSequenceBase* Animation, const FAnimNotifyEventReference& EventReference)
{
    Super::Notify(MeshComp, Animation, EventReference);
    const AActor* Actor = MeshComp != nullptr ? MeshComp->GetOwner() : nullptr;
    UStereoSyncCharacterComponent* Character = Actor != nullptr ? Actor->FindComponentByClass<UStereoSyncCharacterComponent>() : nullptr;
    if (Character == nullptr || !Character->bTellContacts)
    {
        return;
    }
    const bool bMirrored = EventReference.GetMirrorDataTable() != nullptr;
    Character->TellContact(StereoSync::SideIn(Side, bMirrored), 0.0f, Strength, Surface);
}

FString UAnimNotify_StereoSyncFootstep::GetNotifyName_Implementation() const
{
    return Side == EStereoSyncSide::Left ? TEXT("Footstep left") : TEXT("Footstep right");
}
