// Plays the sound of a bridge. Game thread; the sound itself is made on an audio thread.
#pragma once

#include "Components/SynthComponent.h"
#include "CoreMinimal.h"

#include <memory>

#include "StereoSyncSoundComponent.generated.h"

namespace stereosync
{
    class BridgeWorker;
}

/** A stereo source that is always on: it plays silence while nothing comes. The bridge makes one by itself. */
UCLASS(ClassGroup = (StereoSync), NotBlueprintable)
class STEREOSYNC_API UStereoSyncSoundComponent : public USynthComponent
{
    GENERATED_BODY()

public:
    UStereoSyncSoundComponent(const FObjectInitializer& ObjectInitializer);

    /** Where the sound comes from; call before Start. The worker lives as long as an audio thread may read it. */
    void SetWorker(std::shared_ptr<stereosync::BridgeWorker> NewWorker);

protected:
    virtual bool Init(int32& SampleRate) override;
    virtual ISoundGeneratorPtr CreateSoundGenerator(const FSoundGeneratorInitParams& InParams) override;

private:
    std::shared_ptr<stereosync::BridgeWorker> Worker;
};
