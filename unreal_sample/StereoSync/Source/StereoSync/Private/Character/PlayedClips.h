// The clips that an animation graph plays at this moment. Game thread, after the pose is final.
#pragma once

#include "CoreMinimal.h"
#include "Pure/ClipTime.h"

class UAnimInstance;
class UAnimSequenceBase;
struct FAnimTickRecord;

/** A clip with its share of the pose. The rate is that within the graph: neither the mesh's nor the world's is in it. */
struct FPlayedClip
{
    const UAnimSequenceBase* Sequence = nullptr;
    StereoSync::ClipTime Time;
    double Weight = 0.0;
    bool bMirrored = false;
};

/** Calls for every clip of one player of the graph: a sequence is one, a blend space has one per sample. */
void ForEachClip(const FAnimTickRecord& Player, TFunctionRef<void(const FPlayedClip&)> Take);

/** The same for all players of the graph. */
void ForEachClip(UAnimInstance& Graph, TFunctionRef<void(const FPlayedClip&)> Take);
