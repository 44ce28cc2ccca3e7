#include "StereoSyncSoundComponent.h"

#include "CoreClient.h"

namespace
{
    /// Audio thread. Holds the worker, so that it outlives the component for as long as sound is asked for.
    class FBridgeSoundGenerator final : public ISoundGenerator
    {
    public:
        FBridgeSoundGenerator(std::shared_ptr<stereosync::BridgeWorker> InWorker, const FSoundGeneratorInitParams& InParams)
            : Worker(MoveTemp(InWorker))
            , Channels(FMath::Max(1, InParams.NumChannels))
            , RateHz(FMath::RoundToInt(InParams.SampleRate))
            , FramesPerCallback(InParams.AudioMixerNumOutputFrames > 0 ? InParams.AudioMixerNumOutputFrames : UsualFrames)
        {
        }

        virtual int32 OnGenerateAudio(float* OutAudio, int32 NumSamples) override
        {
            Worker->read(OutAudio, NumSamples / Channels, Channels, RateHz);
            return NumSamples;
        }

        /// As much as the device takes at once: more would only wait.
        virtual int32 GetDesiredNumSamplesToRenderPerCallback() const override
        {
            return FramesPerCallback * Channels;
        }

        /// An underrun is a silence, not the end.
        virtual bool IsFinished() const override
        {
            return false;
        }

    private:
        static constexpr int32 UsualFrames = 512;

        std::shared_ptr<stereosync::BridgeWorker> Worker;
        int32 Channels;
        int32 RateHz;
        int32 FramesPerCallback;
    };
}

UStereoSyncSoundComponent::UStereoSyncSoundComponent(const FObjectInitializer& ObjectInitializer)
    : Super(ObjectInitializer)
{
    NumChannels = 2;
    bAllowSpatialization = false; // the sound is stereo already
    bIsUISound = true;            // the bridge makes its own silence while the game is paused
}

void UStereoSyncSoundComponent::SetWorker(std::shared_ptr<stereosync::BridgeWorker> NewWorker)
{
    Worker = MoveTemp(NewWorker);
}

bool UStereoSyncSoundComponent::Init(int32& SampleRate)
{
    NumChannels = 2;
    return SampleRate > 0;
}

ISoundGeneratorPtr UStereoSyncSoundComponent::CreateSoundGenerator(const FSoundGeneratorInitParams& InParams)
{
    if (Worker == nullptr)
    {
        return nullptr;
    }
    return MakeShared<FBridgeSoundGenerator, ESPMode::ThreadSafe>(Worker, InParams);
}
