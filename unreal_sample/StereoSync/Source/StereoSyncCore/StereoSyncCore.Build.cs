// The client without the engine: C++17 and the system's sockets, no header of Unreal but in StereoSyncCoreModule.cpp.
using System.IO;
using UnrealBuildTool;

public class StereoSyncCore : ModuleRules
{
    public StereoSyncCore(ReadOnlyTargetRules Target) : base(Target)
    {
        PCHUsage = PCHUsageMode.NoPCHs;
        bUseUnity = false; // the files keep their helpers in unnamed namespaces
        PrivateDependencyModuleNames.Add("Core");
        PublicDefinitions.Add("STEREOSYNC_IN_UNREAL=1");
        if (Target.Platform == UnrealTargetPlatform.Win64)
        {
            PublicSystemLibraries.Add("ws2_32.lib");
        }
        AddZmq(Target);
    }

    /// <summary>
    /// CURVE needs libzmq. Put it into ThirdParty/libzmq beside Source: include/zmq.h, and lib/Win64/libzmq.lib with bin/Win64/libzmq.dll,
    /// lib/Linux/libzmq.so or lib/Mac/libzmq.dylib. Without that folder the plugin is whole but has no CURVE.
    /// </summary>
    private void AddZmq(ReadOnlyTargetRules Target)
    {
        string Zmq = Path.Combine(PluginDirectory, "ThirdParty", "libzmq");
        if (!Directory.Exists(Zmq))
        {
            return;
        }
        string Platform = Target.Platform.ToString();
        string Libraries = Path.Combine(Zmq, "lib", Platform);
        PublicDefinitions.Add("STEREOSYNC_LIBZMQ=1");
        PrivateIncludePaths.Add(Path.Combine(Zmq, "include"));
        if (Target.Platform == UnrealTargetPlatform.Win64)
        {
            PublicAdditionalLibraries.Add(Path.Combine(Libraries, "libzmq.lib"));
            PublicDelayLoadDLLs.Add("libzmq.dll");
            RuntimeDependencies.Add("$(BinaryOutputDir)/libzmq.dll", Path.Combine(Zmq, "bin", Platform, "libzmq.dll"));
            return;
        }
        string Library = Path.Combine(Libraries, Target.Platform == UnrealTargetPlatform.Mac ? "libzmq.dylib" : "libzmq.so");
        PublicAdditionalLibraries.Add(Library);
        RuntimeDependencies.Add(Library);
    }
}
