// A character's skeletal mesh of some kind. Game thread.
#pragma once

#include "Components/SkeletalMeshComponent.h"
#include "CoreMinimal.h"
#include "GameFramework/Actor.h"

/** The first of an actor's skeletal meshes that passes the test; null where none does. Known is tried first, and remembers it. */
template <typename TestType>
USkeletalMeshComponent* FindMesh(const AActor& Actor, TWeakObjectPtr<USkeletalMeshComponent>& Known, TestType Test)
{
    if (USkeletalMeshComponent* Mesh = Known.Get(); Mesh != nullptr && Test(*Mesh))
    {
        return Mesh;
    }
    Known = nullptr;
    TInlineComponentArray<USkeletalMeshComponent*> Meshes;
    Actor.GetComponents(Meshes);
    for (USkeletalMeshComponent* Mesh : Meshes)
    {
        if (Test(*Mesh))
        {
            Known = Mesh;
            return Mesh;
        }
    }
    return nullptr;
}
