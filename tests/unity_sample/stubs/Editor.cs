#if UNITY_EDITOR
// Stand-ins for UnityEditor: its events, and the assets that the tools write.
using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

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

        /// <summary>Test: whether the game plays.</summary>
        public static bool Plays = true;

        public static bool isPlaying { get { return Plays; } }

        public static void Raise(PauseState state) { if (pauseStateChanged != null) pauseStateChanged(state); }

        public static void Quit() { if (quitting != null) quitting(); }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName) { }

        public MenuItem(string itemName, bool isValidateFunction) { }
    }

    public static class Selection { public static GameObject activeGameObject { get; set; } }

    public static class Undo { public static void RecordObject(Object target, string name) { } }

    public static class EditorUtility
    {
        /// <summary>Test: what is to be saved.</summary>
        public static readonly List<Object> Dirty = new List<Object>();

        public static void SetDirty(Object target) { Dirty.Add(target); }
    }

    public static class AnimationUtility
    {
        public static void SetAnimationEvents(AnimationClip clip, AnimationEvent[] events) { clip.Events = events; }
    }

    public static class AssetDatabase
    {
        /// <summary>Test: where assets lie.</summary>
        public static readonly Dictionary<Object, string> Paths = new Dictionary<Object, string>();

        public static string GetAssetPath(Object asset) { return Paths.ContainsKey(asset) ? Paths[asset] : ""; }

        public static string GenerateUniqueAssetPath(string path) { return path; }

        public static void CreateAsset(Object asset, string path) { Paths[asset] = path; }

        public static void SaveAssets() { }
    }
}
#endif
