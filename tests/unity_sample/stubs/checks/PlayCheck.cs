// The sample against a real server: a player loop of 60 frames a second, readbacks that come two frames later, an audio thread that takes
// blocks of 512 samples. Prints what was heard.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using StereoSync.Bridge;
using StereoSync.Samples;
using UnityEngine;
using UnityEngine.Rendering;
using Debug = UnityEngine.Debug;

namespace StereoSync.Checks
{
    internal static class PlayCheck
    {
        const int BlockSamples = 512;
        const double FrameS = 1 / 60.0;

        static readonly List<float> Heard = new List<float>();
        static volatile bool _ends;

        public static void Run(string address, double seconds, int rateHz)
        {
            AudioSettings.outputSampleRate = rateHz;
            GameObject scene = Scene(address);
            var bridge = scene.GetComponentsInChildren<StereoSyncBridge>()[0];
            var figure = scene.GetComponentsInChildren<WalkingFigure>()[0];
            StereoSyncPlayer player = bridge.PlayerInUse;
            var audio = new Thread(() => Listen(player, rateHz));
            audio.Start();
            Loop(bridge, figure, seconds);
            Say(bridge);
            lock (Heard) Program.Say("heard", Heard.Count / 2, First(), Peak(0, 0), Peak(1, 0), Crossings());
            Pause(bridge);
            _ends = true;
            audio.Join();
            UnityEngine.Object.DestroyImmediate(scene);
            Program.Say("left", RenderTexture.Alive, AsyncGPUReadback.Queue.Count);
        }

        /// <summary>Silence after a moment, and RESET to the server when it goes on.</summary>
        static void Pause(StereoSyncBridge bridge)
        {
            bridge.PauseSound();
            Thread.Sleep(200);
            int from;
            lock (Heard) from = Heard.Count;
            Thread.Sleep(200);
            lock (Heard) Program.Say("paused", Heard.Count - from, Peak(0, from));
            bridge.ResumeSound();
            Thread.Sleep(200);
        }

        static GameObject Scene(string address)
        {
            var scene = new GameObject("Walk");
            scene.AddComponent<WalkSample>();
            var bridge = scene.GetComponentsInChildren<StereoSyncBridge>()[0];
            bridge.enabled = false;
            bridge.ServiceAddress = address;
            bridge.enabled = true;
            return scene;
        }

        static void Loop(StereoSyncBridge bridge, WalkingFigure figure, double seconds)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; watch.Elapsed.TotalSeconds < seconds; i++)
            {
                double nowS = watch.Elapsed.TotalSeconds; // as Unity's, however late a frame is
                Time.deltaTime = (float)(nowS - Time.timeAsDouble);
                Time.timeAsDouble = nowS;
                GameObject.Send(figure, "Update");
                GameObject.Send(bridge, "LateUpdate");
                GameObject.Send(bridge.GetComponent<StereoSyncStatus>(), "OnGUI");
                FinishReadbacks();
                double wait = (i + 1) * FrameS - watch.Elapsed.TotalSeconds;
                if (wait > 0) Thread.Sleep((int)(1000 * wait));
            }
        }

        static void FinishReadbacks()
        {
            while (AsyncGPUReadback.Queue.Count > 2)
            {
                AsyncGPUReadback.Waiting next = AsyncGPUReadback.Queue[0];
                int perPixel = next.Format == TextureFormat.RGBA32 ? 4 : 2;
                var bytes = new byte[next.Source.width * next.Source.height * perPixel];
                if (perPixel == 2 && next.Source.width > 4) bytes[1] = 0x45; // the first pixel of the first row is 5 m away, the rest sky
                AsyncGPUReadback.Finish(bytes);
            }
            if (AsyncGPUReadback.Queue.Count == 1) // the question which row comes first; here the lowest
            {
                var rows = new byte[32];
                rows[25] = 0x3C;
                AsyncGPUReadback.Finish(rows);
            }
        }

        static void Listen(StereoSyncPlayer player, int rateHz)
        {
            var watch = Stopwatch.StartNew();
            var block = new float[2 * BlockSamples];
            for (int n = 0; !_ends; n++)
            {
                GameObject.Send(player, "OnAudioFilterRead", block, 2);
                lock (Heard) Heard.AddRange(block);
                double wait = (n + 1) * BlockSamples / (double)rateHz - watch.Elapsed.TotalSeconds;
                if (wait > 0) Thread.Sleep((int)(1000 * wait));
            }
        }

        static void Say(StereoSyncBridge bridge)
        {
            BridgeStatus status = bridge.Status;
            Program.Say("state", status.State, status.FramesSent, status.FramesRejected, status.Chunks, status.Underruns, bridge.Report.Failed);
            Program.Say("overlay", string.Join(" | ", GUI.Labels.GetRange(GUI.Labels.Count - 6, 6).ToArray()));
            foreach (string line in Debug.Lines) Program.Say("log", line);
        }

        static int First()
        {
            return Heard.FindIndex(x => x != 0) / 2;
        }

        static float Peak(int channel, int from)
        {
            float most = 0;
            for (int i = from + channel; i < Heard.Count; i += 2) most = Math.Max(most, Math.Abs(Heard[i]));
            return most;
        }

        /// <summary>Rising zero crossings of the left channel per second, from the first sound on.</summary>
        static double Crossings()
        {
            int count = 0, first = First();
            for (int i = 2 * first + 2; i < Heard.Count; i += 2) count += Heard[i - 2] < 0 && Heard[i] >= 0 ? 1 : 0;
            return count * (double)AudioSettings.outputSampleRate / Math.Max(1, Heard.Count / 2 - first);
        }
    }
}
