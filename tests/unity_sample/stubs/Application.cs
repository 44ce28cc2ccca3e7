// Stand-ins for the rest of UnityEngine: application, time, log, sound and immediate-mode GUI.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public static class Application
    {
        public static string unityVersion { get { return "0000.0.0stub"; } }

        public static bool isPlaying { get { return true; } }

        public static bool runInBackground { get; set; }
    }

    public static class Time
    {
        public static float time { get; set; }

        public static float deltaTime { get; set; }

        public static double realtimeSinceStartupAsDouble { get; set; }
    }

    public static class Debug
    {
        /// <summary>Test: everything logged, with the level's first letter before it.</summary>
        public static readonly List<string> Lines = new List<string>();

        public static void Log(object message, Object context) { Lines.Add("I " + message); }

        public static void LogWarning(object message, Object context) { Lines.Add("W " + message); }

        public static void LogError(object message, Object context) { Lines.Add("E " + message); }
    }

    public sealed class AudioListener : Behaviour { }

    public sealed class AudioClip : Object { }

    public sealed class AudioSource : Behaviour
    {
        public AudioSource() { volume = 1; spatialBlend = 1; playOnAwake = true; }

        public AudioClip clip { get; set; }

        public float volume { get; set; }

        public float spatialBlend { get; set; }

        public bool loop { get; set; }

        public bool playOnAwake { get; set; }

        public bool bypassReverbZones { get; set; }

        public int priority { get; set; }

        public float dopplerLevel { get; set; }

        public bool isPlaying { get; private set; }

        public void Play() { isPlaying = true; }

        public void Stop() { isPlaying = false; }
    }

    public static class AudioSettings
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);

        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;

        public static int outputSampleRate { get; set; }

        /// <summary>Test: another device, at another rate.</summary>
        public static void Change(int rate_hz)
        {
            outputSampleRate = rate_hz;
            if (OnAudioConfigurationChanged != null) OnAudioConfigurationChanged(true);
        }

        /// <summary>Test: whether anyone still listens.</summary>
        public static bool Watched { get { return OnAudioConfigurationChanged != null; } }
    }

    public static class Screen
    {
        public static int width { get { return 1280; } }

        public static int height { get { return 720; } }
    }

    public static class GUI
    {
        /// <summary>Test: the text that was drawn.</summary>
        public static readonly List<string> Labels = new List<string>();

        public static Color color { get; set; }

        public static void Box(Rect position, string text) { Labels.Add(text); }

        public static void Label(Rect position, string text) { Labels.Add(text); }
    }
}
