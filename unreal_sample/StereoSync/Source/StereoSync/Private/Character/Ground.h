// The ground under a point, as a word. Game thread.
#pragma once

#include "CoreClient.h"
#include "CoreMinimal.h"
#include "Engine/EngineTypes.h"

class AActor;
class UPhysicalMaterial;

/** Keeps the word of the material that it found last, so that standing on one ground makes no text. */
class FGround
{
public:
    /**
     * Traces one line, past the actor itself: the surface type of the physical material that it hits, by the project's name, or the
     * material's own name where it has no type. Empty where nothing is hit, or only what the engine takes for lack of a material.
     */
    const stereosync::ShortText& Under(const AActor& Actor, const FVector& FromCm, double DownCm, ECollisionChannel Channel);

private:
    TWeakObjectPtr<const UPhysicalMaterial> Material;
    stereosync::ShortText Word;
};
