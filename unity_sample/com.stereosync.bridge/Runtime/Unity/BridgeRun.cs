// Everything that lives from OnEnable to OnDisable. Main thread only.
using System;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Who asked for silence; sound goes on when nobody does any more.</summary>
    [Flags]
    internal enum PauseReasons
    {
        Game = 1,
        Application = 2,
        Editor = 4,
    }

    /// <summary>The worker, the capture, the player and the overlay of one bridge.</summary>
    internal sealed class BridgeRun : IFrameSink, IDisposable
    {
        readonly StereoSyncPlayer _player;
        readonly GameObject _ownPlayer;
        readonly StereoSyncStatus _overlay;
        readonly ScenePlaces _places;
        readonly RateMeter _rate = new RateMeter();
        FrameCapture _capture;
        string _cannotCapture;

        /// <param name="player">Null: one is made.</param>
        /// <exception cref="ArgumentException">The options do not allow a connection; the message says why.</exception>
        public BridgeRun(StereoSyncBridge owner, ClientOptions options, StereoSyncPlayer player, bool showStatus, bool useReverbZones)
        {
            _places = new ScenePlaces(useReverbZones);
            Worker = new BridgeWorker(options);
            Worker.Start();
            if (player == null)
            {
                _ownPlayer = MakePlayer();
                player = _ownPlayer.GetComponent<StereoSyncPlayer>();
            }
            _player = player;
            _player.Worker = Worker;
            if (showStatus)
            {
                _overlay = owner.gameObject.AddComponent<StereoSyncStatus>();
                _overlay.hideFlags = HideFlags.DontSave;
            }
        }

        /// <summary>Plays the sound.</summary>
        public StereoSyncPlayer Player { get { return _player; } }

        /// <summary>The client and its thread.</summary>
        public BridgeWorker Worker { get; private set; }

        /// <summary>The worker's newest snapshot.</summary>
        public BridgeStatus Status { get { return Worker.Status; } }

        /// <summary>Why nothing is sent, or not all; null if all is well.</summary>
        public string Fault { get; private set; }

        double IFrameSink.NowS { get { return Worker.NowS; } }

        FrameMessage IFrameSink.RentFrame()
        {
            return Worker.RentFrame();
        }

        void IFrameSink.Offer(FrameMessage frame)
        {
            Worker.Offer(frame);
        }

        /// <summary>Captures what the camera sees now, at that size.</summary>
        public void Capture(Camera source, int widthPx, int heightPx)
        {
            Fault = _cannotCapture ?? WhyNot(source);
            if (Fault != null || !TryPrepare(widthPx, heightPx))
            {
                return;
            }
            _capture.Capture(source, StereoSyncCharacter.All);
            Fault = _capture.Boxes.Fault;
        }

        /// <summary>The scene was cut: what the service saw is forgotten, and what was read of the scene.</summary>
        public void Cut(string reason)
        {
            Worker.Reset(reason);
            _places.Refresh();
            GroundNames.Clear();
        }

        /// <summary>What the overlay shows besides the worker's status.</summary>
        public CaptureReport Report(bool paused)
        {
            var report = new CaptureReport { Paused = paused, Fault = Fault, FramesPerS = _rate.Of(Status.FramesSent, Worker.NowS) };
            if (_capture != null)
            {
                report.WidthPx = _capture.WidthPx;
                report.HeightPx = _capture.HeightPx;
                report.Failed = _capture.Failed;
                report.Skipped = _capture.Skipped;
                report.Boxes = _capture.Boxes.Newest;
                report.Told = _capture.Boxes.Told;
                report.Place = _places.Newest;
            }
            return report;
        }

        /// <summary>Ends the session and takes away what was made. The worker goes last, for frames may still come back until then.</summary>
        public void Dispose()
        {
            _player.Worker = null;
            if (_capture != null)
            {
                _capture.Dispose();
            }
            Worker.Dispose();
            _places.Dispose();
            if (_overlay != null)
            {
                CaptureCamera.Discard(_overlay);
            }
            if (_ownPlayer != null)
            {
                CaptureCamera.Discard(_ownPlayer);
            }
        }

        /// <summary>
        /// An object of its own, for beside an AudioListener the filter would replace all that is heard; without parent, for Unity forbids new
        /// children while the parent is being enabled. DontSave objects outlive a change of scene.
        /// </summary>
        static GameObject MakePlayer()
        {
            var made = new GameObject("StereoSync sound") { hideFlags = HideFlags.DontSave };
            made.AddComponent<StereoSyncPlayer>();
            return made;
        }

        static string WhyNot(Camera source)
        {
            if (source == null)
            {
                return "There is no camera, so no frame is sent: set Source Camera, or tag a camera MainCamera.";
            }
            return source.orthographic
                ? "The camera is orthographic, so no frame is sent: the model knows perspective cameras only." : null;
        }

        bool TryPrepare(int widthPx, int heightPx)
        {
            if (_capture != null && _capture.WidthPx == widthPx && _capture.HeightPx == heightPx)
            {
                return true;
            }
            if (_capture != null)
            {
                _capture.Dispose();
                _capture = null;
            }
            try
            {
                _capture = new FrameCapture(this, _places, widthPx, heightPx);
                return true;
            }
            catch (InvalidOperationException error)
            {
                Fault = _cannotCapture = error.Message;
                return false;
            }
        }
    }
}
