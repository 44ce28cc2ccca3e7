// Components for Unreal around the core: capture, characters, playback, overlay, sample.
using UnrealBuildTool;

public class StereoSync : ModuleRules
{
    public StereoSync(ReadOnlyTargetRules Target) : base(Target)
    {
        PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
        bUseUnity = false; // the files keep their helpers in unnamed namespaces
        PublicDependencyModuleNames.AddRange(new string[] { "Core", "CoreUObject", "Engine", "AudioMixer", "AudioMixerCore", "AudioExtensions" });
        PrivateDependencyModuleNames.AddRange(new string[] { "StereoSyncCore", "RenderCore", "RHI", "PhysicsCore" });
    }
}
