// Ends sessions where Unity's editor would otherwise leave a thread running or sound playing. Main thread only.
using UnityEditor;

namespace StereoSync
{
    /// <summary>Listens to the editor: reload of scripts, the pause button, quitting.</summary>
    [InitializeOnLoad]
    internal static class EditorLifetime
    {
        static EditorLifetime()
        {
            AssemblyReloadEvents.beforeAssemblyReload += StereoSyncBridge.StopAll;
            EditorApplication.quitting += StereoSyncBridge.StopAll;
            EditorApplication.pauseStateChanged += OnPause;
        }

        static void OnPause(PauseState state)
        {
            StereoSyncBridge.SetEditorPaused(state == PauseState.Paused);
        }
    }
}
