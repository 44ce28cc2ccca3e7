#include "AudioBuffers.h"

#include "AudioDevice.h"
#include "Engine/World.h"

double AudioBuffersMs(const UWorld& World)
{
    const FAudioDevice* Device = World.GetAudioDeviceRaw();
    if (Device == nullptr || Device->PlatformSettings.SampleRate <= 0)
    {
        return 0.0;
    }
    const FAudioPlatformSettings& Settings = Device->PlatformSettings;
    return 1000.0 * Settings.CallbackBufferFrameSize * Settings.NumBuffers / Settings.SampleRate;
}
