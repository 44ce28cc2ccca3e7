// From the game's camera to offered frames. Main thread only.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;
using UnityEngine.Rendering;

namespace StereoSync
{
    /// <summary>Where captured frames come from and go to: the worker, and in tests something else.</summary>
    internal interface IFrameSink
    {
        /// <summary>The client's clock, s.</summary>
        double NowS { get; }

        /// <summary>A frame to fill; its buffers were used before.</summary>
        FrameMessage RentFrame();

        /// <summary>Hand the frame on; it is not touched afterwards.</summary>
        void Offer(FrameMessage frame);
    }

    /// <summary>
    /// Renders, stamps boxes, camera and time, and asks for the pixels back; when they have come, the frame is offered.
    /// </summary>
    internal sealed class FrameCapture : IDisposable
    {
        /// <summary>Frames whose pixels may be on their way at once.</summary>
        public const int MostInFlight = 2;

        readonly IFrameSink _sink;
        readonly ScenePlaces _places;
        readonly CaptureCamera _camera;
        readonly RowOrder _rows;
        readonly Stack<PendingFrame> _idle = new Stack<PendingFrame>();
        readonly FrameView _view = new FrameView();
        long _index;
        bool _closed;

        /// <exception cref="InvalidOperationException">Nothing can be captured here; the message says why.</exception>
        public FrameCapture(IFrameSink sink, ScenePlaces places, int widthPx, int heightPx)
        {
            _sink = sink;
            _places = places;
            _camera = new CaptureCamera(widthPx, heightPx);
            _rows = new RowOrder(_camera);
            Boxes = new CharacterBoxes();
            for (int i = 0; i < MostInFlight; i++)
            {
                _idle.Push(new PendingFrame(OnDone));
            }
        }

        /// <summary>Width of the picture, px.</summary>
        public int WidthPx { get { return _camera.Picture.width; } }

        /// <summary>Height of the picture, px.</summary>
        public int HeightPx { get { return _camera.Picture.height; } }

        /// <summary>The boxes of the newest frame.</summary>
        public CharacterBoxes Boxes { get; private set; }

        /// <summary>Frames whose pixels never came.</summary>
        public long Failed { get; private set; }

        /// <summary>Frames not taken because the device still works on others.</summary>
        public long Skipped { get; private set; }

        /// <summary>Captures what the source sees now.</summary>
        /// <param name="characters">Whom to look for.</param>
        public void Capture(Camera source, IList<StereoSyncCharacter> characters)
        {
            if (_rows.Origin == null)
            {
                return;
            }
            if (_idle.Count == 0)
            {
                Skipped++;
                return;
            }
            FrameMessage frame = _sink.RentFrame();
            frame.CaptureClientS = _sink.NowS;
            frame.Index = _index++;
            _camera.Render(source);
            _view.Set(_camera.Camera, WidthPx, HeightPx);
            FrameView.Describe(_camera.Camera, frame.Camera);
            Boxes.Fill(frame, characters, _view);
            _places.Fill(frame.Scene, _camera.Camera.transform.position);
            _idle.Pop().Request(frame, _camera, _rows.Origin);
        }

        /// <summary>Waits for what is on its way, drops it, and releases camera and textures.</summary>
        public void Dispose()
        {
            _closed = true;
            AsyncGPUReadback.WaitAllRequests(); // textures must outlive their requests
            _camera.Dispose();
        }

        void OnDone(PendingFrame pending, bool came)
        {
            _idle.Push(pending);
            if (came && !_closed)
            {
                _sink.Offer(pending.Frame);
                return;
            }
            Failed += came ? 0 : 1;
            pending.Frame.Release();
        }
    }
}
