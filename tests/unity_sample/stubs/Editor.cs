#if UNITY_EDITOR
// Stand-ins for UnityEditor's events.
using System;

namespace UnityEditor
{
    public enum PauseState { Paused, Unpaused }

    [AttributeUsage(AttributeTargets.Class)]
    public class InitializeOnLoadAttribute : Attribute { }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload;

        public static void Raise() { if (beforeAssemblyReload != null) beforeAssemblyReload(); }
    }

    public static class EditorApplication
    {
        public static event Action<PauseState> pauseStateChanged;

        public static event Action quitting;

        public static bool isPlaying { get { return true; } }

        public static void Raise(PauseState state) { if (pauseStateChanged != null) pauseStateChanged(state); }

        public static void Quit() { if (quitting != null) quitting(); }
    }
}
#endif
