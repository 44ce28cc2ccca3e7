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

        public static string dataPath { get; set; }
    }

    public static class Time
    {
        public static float time { get; set; }

        public static float deltaTime { get; set; }

        public static double timeAsDouble { get; set; }

        public static float timeScale = 1;

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

        /// <summary>Test: what the mixer keeps.</summary>
        public static int DspSamples = 1024, DspBlocks = 4;

        public static void GetDSPBufferSize(out int bufferLength, out int numBuffers)
        {
            bufferLength = DspSamples;
            numBuffers = DspBlocks;
        }

        /// <summary>Test: another device, at another rate.</summary>
        public static void Change(int rate_hz)
        {
            outputSampleRate = rate_hz;
            if (OnAudioConfigurationChanged != null) OnAudioConfigurationChanged(true);
        }

        /// <summary>Test: whether anyone still listens.</summary>
        public static bool Watched { get { return OnAudioConfigurationChanged != null; } }
    }

    public enum AudioReverbPreset
    {
        Off, Generic, PaddedCell, Room, Bathroom, Livingroom, Stoneroom, Auditorium, Concerthall, Cave, Arena, Hangar, CarpetedHallway, Hallway,
        StoneCorridor, Alley, Forest, City, Mountains, Quarry, Plain, ParkingLot, SewerPipe, Underwater, Drugged, Dizzy, Psychotic, User,
    }

    public sealed class AudioReverbZone : Behaviour
    {
        public AudioReverbZone() { minDistance = 10; maxDistance = 15; reverbPreset = AudioReverbPreset.Generic; decayTime = 1.49f; }

        public float minDistance { get; set; }

        public float maxDistance { get; set; }

        public AudioReverbPreset reverbPreset { get; set; }

        public float decayTime { get; set; }
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

namespace UnityEngine
{
    public static class Gizmos
    {
        public static Matrix4x4 matrix { get; set; }

        public static void DrawWireCube(Vector3 center, Vector3 size) { }
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene { }

    public enum LoadSceneMode { Single, Additive }

    public static class SceneManager
    {
        public static event Action<Scene, LoadSceneMode> sceneLoaded;

        /// <summary>Test: a scene was loaded.</summary>
        public static void Raise() { if (sceneLoaded != null) sceneLoaded(new Scene(), LoadSceneMode.Single); }

        /// <summary>Test: whether anyone still listens.</summary>
        public static bool Watched { get { return sceneLoaded != null; } }
    }
}
