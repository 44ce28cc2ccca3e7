// Every way in which Unity ends a session: is the worker stopped, once, and does nothing of it stay behind.
using System.Collections.Generic;
using System.Reflection;
using System.Threading;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class LifetimeCheck
    {
        public static void Run(string address)
        {
            Disable(address);
            Quit(address);
            NextPlay(address);
            WrongOptions();
            OwnPlayer(address);
#if UNITY_EDITOR
            System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(EditorLifetime).TypeHandle);
            Reload(address);
            EditorPause(address);
#endif
            Program.Say("left", RenderTexture.Alive, AudioSettings.Watched);
        }

        static StereoSyncBridge Make(string address)
        {
            var holder = new GameObject("bridge");
            holder.SetActive(false);
            var bridge = holder.AddComponent<StereoSyncBridge>();
            bridge.ServiceAddress = address;
            holder.SetActive(true);
            for (int i = 0; i < 200 && bridge.Status.State == BridgeState.Stopped; i++) Thread.Sleep(10);
            return bridge;
        }

        static void Disable(string address)
        {
            StereoSyncBridge bridge = Make(address);
            BridgeWorker worker = WorkerOf(bridge);
            StereoSyncPlayer player = bridge.PlayerInUse;
            Program.Say("started", bridge.Status.State, player.Worker == worker, bridge.GetComponent<StereoSyncStatus>() != null);
            bridge.enabled = false;
            Program.Say("disabled", worker.Status.State, bridge.Status == null, player.Worker == null, player == null);
            GameObject.Send(bridge, "LateUpdate");
            bridge.enabled = true;
            Program.Say("again", WorkerOf(bridge) != worker, bridge.Status.State);
            Object.DestroyImmediate(bridge.gameObject);
        }

        static void Quit(string address)
        {
            StereoSyncBridge bridge = Make(address);
            BridgeWorker worker = WorkerOf(bridge);
            GameObject.Send(bridge, "OnApplicationQuit");
            Program.Say("quit", worker.Status.State);
            Object.DestroyImmediate(bridge.gameObject);
        }

        /// <summary>Play mode without a reload of the domain: static fields and the worker of the last play are still there.</summary>
        static void NextPlay(string address)
        {
            BridgeWorker worker = WorkerOf(Make(address));
            foreach (MethodInfo method in typeof(StereoSyncBridge).GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            {
                foreach (RuntimeInitializeOnLoadMethodAttribute mark in method.GetCustomAttributes(typeof(RuntimeInitializeOnLoadMethodAttribute), false))
                {
                    if (mark.loadType == RuntimeInitializeLoadType.SubsystemRegistration) method.Invoke(null, null);
                }
            }
            Program.Say("next_play", worker.Status.State);
        }

        static void WrongOptions()
        {
            Debug.Lines.Clear();
            StereoSyncBridge bridge = Make("tcp://198.51.100.7:5750");
            for (int i = 0; i < 200 && Debug.Lines.Count == 0; i++)
            {
                GameObject.Send(bridge, "LateUpdate");
                Thread.Sleep(10);
            }
            Program.Say("wrong", bridge.Status.State, Debug.Lines.Count, Debug.Lines[0]);
            Object.DestroyImmediate(bridge.gameObject);
        }

        static void OwnPlayer(string address)
        {
            var speaker = new GameObject("speaker").AddComponent<StereoSyncPlayer>();
            var holder = new GameObject("bridge");
            holder.SetActive(false);
            var bridge = holder.AddComponent<StereoSyncBridge>();
            bridge.ServiceAddress = address;
            bridge.Player = speaker;
            holder.SetActive(true);
            Program.Say("own_player", speaker.Worker != null, bridge.PlayerInUse == speaker);
            Object.DestroyImmediate(holder);
            Program.Say("own_player_left", speaker.Worker == null, speaker.isActiveAndEnabled);
            Object.DestroyImmediate(speaker.gameObject);
        }

#if UNITY_EDITOR
        static void Reload(string address)
        {
            StereoSyncBridge first = Make(address), second = Make(address);
            var workers = new List<BridgeWorker> { WorkerOf(first), WorkerOf(second) };
            UnityEditor.AssemblyReloadEvents.Raise();
            Program.Say("reload", workers[0].Status.State, workers[1].Status.State);
            first.enabled = false;
            Object.DestroyImmediate(first.gameObject);
            Object.DestroyImmediate(second.gameObject);
        }

        static void EditorPause(string address)
        {
            StereoSyncBridge bridge = Make(address);
            UnityEditor.EditorApplication.Raise(UnityEditor.PauseState.Paused);
            bridge.PauseSound();
            bool paused = bridge.Report.Paused;
            UnityEditor.EditorApplication.Raise(UnityEditor.PauseState.Unpaused);
            bool still = bridge.Report.Paused;
            GameObject.Send(bridge, "OnApplicationPause", false);
            bridge.ResumeSound();
            Program.Say("pauses", paused, still, bridge.Report.Paused);
            UnityEditor.EditorApplication.Quit();
            Program.Say("editor_quit", bridge.Status == null);
            Object.DestroyImmediate(bridge.gameObject);
        }
#endif

        static BridgeWorker WorkerOf(StereoSyncBridge bridge)
        {
            return bridge.PlayerInUse.Worker;
        }
    }
}
