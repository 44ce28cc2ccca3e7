// A stand-in for the synth component and the sound generator. The test pulls the sound as the audio mixer would.
#pragma once

#include "stub_engine.h"

#include <cstring>

struct FAudioPlatformSettings
{
    int32 SampleRate = 48000;
    int32 CallbackBufferFrameSize = 1024;
    int32 NumBuffers = 2;
};

class FAudioDevice
{
public:
    FAudioPlatformSettings PlatformSettings;
};

struct FSoundGeneratorInitParams
{
    float SampleRate = 0.0f;
    int32 AudioMixerNumOutputFrames = 0;
    int32 NumChannels = 0;
    int32 NumFramesPerCallback = 0;
};

class ISoundGenerator
{
public:
    virtual ~ISoundGenerator() = default;
    virtual int32 OnGenerateAudio(float* OutAudio, int32 NumSamples) = 0;
    virtual int32 GetDesiredNumSamplesToRenderPerCallback() const { return 1024; }
    virtual void OnBeginGenerate() {}
    virtual void OnEndGenerate() {}
    virtual bool IsFinished() const { return false; }
};

using ISoundGeneratorPtr = TSharedPtr<ISoundGenerator, ESPMode::ThreadSafe>;

class USynthComponent : public USceneComponent
{
public:
    explicit USynthComponent(const FObjectInitializer&) : bAllowSpatialization(1), bIsUISound(0) {}

    void Start()
    {
        int32 Rate = StubRateHz;
        if (Init(Rate))
        {
            FSoundGeneratorInitParams Params;
            Params.SampleRate = static_cast<float>(Rate);
            Params.NumChannels = NumChannels;
            Params.AudioMixerNumOutputFrames = 480;
            StubGenerator = CreateSoundGenerator(Params);
        }
    }

    void Stop() { StubGenerator.Reset(); }
    void SetVolumeMultiplier(float Volume) { StubVolume = Volume; }

    uint8 bAllowSpatialization : 1;
    uint8 bIsUISound : 1;
    ISoundGeneratorPtr StubGenerator;
    float StubVolume = 1.0f;
    static inline int32 StubRateHz = 48000;

protected:
    virtual bool Init(int32& SampleRate) { return SampleRate > 0; }
    virtual ISoundGeneratorPtr CreateSoundGenerator(const FSoundGeneratorInitParams&) { return nullptr; }

    int32 NumChannels = 2;
};
