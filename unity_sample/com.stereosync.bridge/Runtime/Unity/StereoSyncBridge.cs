// The component to add. Main thread only; the worker behind it has a thread of its own.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>
    /// Connects a scene with the service: sends what a camera sees and where characters are, and plays the sound that comes back. Add it to any
    /// object, mark characters with <see cref="StereoSyncCharacter"/>, press play.
    /// </summary>
    [AddComponentMenu("StereoSync/StereoSync Bridge")]
    [DefaultExecutionOrder(30000)] // after all scripts that move cameras and bodies in LateUpdate
    [DisallowMultipleComponent]
    public sealed class StereoSyncBridge : MonoBehaviour
    {
        static readonly List<StereoSyncBridge> Running = new List<StereoSyncBridge>();

        [Tooltip("Where stereosync-serve listens, tcp://HOST:PORT.")]
        [SerializeField] string serviceAddress = "tcp://127.0.0.1:5750";

        [Tooltip("Whose view is heard. Empty: the camera tagged MainCamera.")]
        [SerializeField] Camera sourceCamera;

        [Tooltip("Pictures sent per second. 30 is what the model was trained with.")]
        [SerializeField, Range(5, 60)] int framesPerSecond = 30;

        [Tooltip("Take the picture size that the service asks for, where it asks for one.")]
        [SerializeField] bool useServiceSize = true;

        [SerializeField, Range(16, 2048)] int pictureWidthPx = 320;
        [SerializeField, Range(16, 2048)] int pictureHeightPx = 180;

        [Tooltip("Plays the sound. Empty: one is made when the game starts.")]
        [SerializeField] StereoSyncPlayer player;

        [Tooltip("Draw the state, the counters and the boxes over the game.")]
        [SerializeField] bool showStatus = true;

        [Tooltip("Tell the room of an AudioReverbZone around the camera, where no StereoSync Place tells one.")]
        [SerializeField] bool useReverbZones = true;

        [Header("A service on another machine")]
        [Tooltip("The file NAME.key_secret that stereosync-keys made for this client. Needs NetMQ, see the documentation.")]
        [SerializeField] string clientKeyFile = "";

        [Tooltip("The service's file server.key.")]
        [SerializeField] string serverKeyFile = "";

        [Tooltip("Talk to another machine without keys: everyone on that network may listen and send.")]
        [SerializeField] bool insecure = false;

        readonly Pacer _pacer = new Pacer();
        readonly NoticeLog _log = new NoticeLog();
        BridgeRun _run;
        PauseReasons _paused;

        /// <summary>Makes a transport that has CURVE; set by the NetMQ part of this package where it is compiled.</summary>
        public static Func<ClientOptions, ITransport> MakeCurveTransport { get; set; }

        /// <summary>Where stereosync-serve listens. Takes effect when the component is enabled.</summary>
        public string ServiceAddress { get { return serviceAddress; } set { serviceAddress = value; } }

        /// <summary>Whose view is heard; null is the camera tagged MainCamera.</summary>
        public Camera SourceCamera { get { return sourceCamera; } set { sourceCamera = value; } }

        /// <summary>Pictures sent per second.</summary>
        public int FramesPerSecond { get { return framesPerSecond; } set { framesPerSecond = Mathf.Clamp(value, 5, 60); } }

        /// <summary>Plays the sound; null: one is made. Takes effect when the component is enabled.</summary>
        public StereoSyncPlayer Player { get { return player; } set { player = value; } }

        /// <summary>Whether the overlay is drawn. Takes effect when the component is enabled.</summary>
        public bool ShowStatus { get { return showStatus; } set { showStatus = value; } }

        /// <summary>What the worker last knew; null while the component is disabled.</summary>
        public BridgeStatus Status { get { return _run == null ? null : _run.Status; } }

        /// <summary>The inspector's player, or the one that was made; null while the component is disabled.</summary>
        internal StereoSyncPlayer PlayerInUse { get { return _run == null ? null : _run.Player; } }

        /// <summary>What the overlay shows besides the worker's status.</summary>
        internal CaptureReport Report { get { return _run == null ? new CaptureReport() : _run.Report(_paused != 0); } }

        /// <summary>The camera was cut or the scene changed: what was seen until now is forgotten.</summary>
        public void CutScene(string reason)
        {
            if (_run != null)
            {
                _run.Cut(reason);
            }
        }

        /// <summary>Fall silent, and send nothing, until <see cref="ResumeSound"/>. Unity's own pauses do so by themselves.</summary>
        public void PauseSound()
        {
            SetPaused(PauseReasons.Game, true);
        }

        /// <summary>Ends <see cref="PauseSound"/>.</summary>
        public void ResumeSound()
        {
            SetPaused(PauseReasons.Game, false);
        }

        /// <summary>Ends every session now. The editor calls this before scripts are reloaded; nothing of it may outlive them.</summary>
        internal static void StopAll()
        {
            foreach (StereoSyncBridge bridge in Running.ToArray())
            {
                bridge.End();
            }
        }

        /// <summary>The editor's pause button.</summary>
        internal static void SetEditorPaused(bool paused)
        {
            foreach (StereoSyncBridge bridge in Running)
            {
                bridge.SetPaused(PauseReasons.Editor, paused);
            }
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void ForgetLastPlay()
        {
            StopAll(); // without a reload of the domain, static fields come from the last play
            GroundNames.Clear();
        }

        void OnEnable()
        {
            End();
            _paused = 0;
            _log.Clear();
            Running.Add(this);
            try
            {
                _run = new BridgeRun(this, MakeOptions(), player, showStatus, useReverbZones);
            }
            catch (ArgumentException error)
            {
                Debug.LogError("StereoSync: " + error.Message, this);
            }
        }

        void OnDisable()
        {
            End();
        }

        void OnApplicationQuit()
        {
            End();
        }

        void OnApplicationPause(bool paused)
        {
            SetPaused(PauseReasons.Application, paused);
        }

        void LateUpdate()
        {
            if (_run == null)
            {
                return;
            }
            _log.Write(_run.Worker, this);
            if (_paused == 0 && _run.Status.State == BridgeState.Connected && _pacer.IsDue(_run.Worker.NowS, framesPerSecond))
            {
                _run.Capture(sourceCamera != null ? sourceCamera : Camera.main, PictureWidthPx(), PictureHeightPx());
            }
            _log.Write(_run.Fault, this);
        }

        int PictureWidthPx()
        {
            int wished = _run.Status.PictureWidthPx;
            return useServiceSize && wished > 0 ? wished : pictureWidthPx;
        }

        int PictureHeightPx()
        {
            int wished = _run.Status.PictureHeightPx;
            return useServiceSize && wished > 0 ? wished : pictureHeightPx;
        }

        void SetPaused(PauseReasons reason, bool paused)
        {
            PauseReasons before = _paused;
            _paused = paused ? _paused | reason : _paused & ~reason;
            if (_run == null || before == 0 == (_paused == 0))
            {
                return;
            }
            if (_paused != 0)
            {
                _run.Worker.Pause();
            }
            else
            {
                _run.Worker.Resume();
            }
        }

        ClientOptions MakeOptions()
        {
            var options = new ClientOptions
            {
                ControlAddress = serviceAddress.Trim(),
                Insecure = insecure,
                Name = "unity",
                Engine = "Unity " + Application.unityVersion,
            };
            if (clientKeyFile.Length > 0 || serverKeyFile.Length > 0)
            {
                options.Curve = CurveKeyFiles.Read(clientKeyFile, serverKeyFile);
                options.MakeTransport = MakeCurveTransport;
                if (options.MakeTransport == null)
                {
                    throw new ArgumentException("keys are set, but this build has no CURVE: add NetMQ to the project and define STEREOSYNC_NETMQ");
                }
            }
            return options;
        }

        void End()
        {
            Running.Remove(this);
            if (_run != null)
            {
                BridgeRun run = _run;
                _run = null;
                run.Dispose();
            }
        }
    }
}
