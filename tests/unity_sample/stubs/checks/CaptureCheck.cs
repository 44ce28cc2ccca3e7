// The capture: what is stamped when, how many readbacks are under way, what becomes of errors and of odd depths.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;
using UnityEngine.Rendering;

namespace StereoSync.Checks
{
    internal sealed class CaptureCheck : IFrameSink
    {
        readonly List<FrameMessage> _offered = new List<FrameMessage>();
        double _nowS = 10;
        int _rented;

        double IFrameSink.NowS { get { return _nowS; } }

        FrameMessage IFrameSink.RentFrame() { _rented++; return new FrameMessage(); }

        void IFrameSink.Offer(FrameMessage frame) { _offered.Add(frame); }

        public static void Run()
        {
            new CaptureCheck().Normal();
            new CaptureCheck().RowsFromAbove();
            Refusals();
            Depths();
            Pace();
        }

        void Normal()
        {
            Camera source = Source();
            StereoSyncCharacter walker = Walker();
            var capture = new FrameCapture(this, new ScenePlaces(true), 320, 180);
            capture.Capture(source, StereoSyncCharacter.All);
            Program.Say("before_rows_known", _rented, Camera.Rendered.Count);
            AsyncGPUReadback.Finish(Rows(false));
            capture.Capture(source, StereoSyncCharacter.All);
            Program.Say("targets", Name(Camera.Rendered[0]), Name(Camera.Rendered[1]));
            _nowS = 11;
            walker.transform.position = new Vector3(3, 0, 0);
            capture.Capture(source, StereoSyncCharacter.All);
            _nowS = 12;
            capture.Capture(source, StereoSyncCharacter.All);
            Program.Say("in_flight", AsyncGPUReadback.Queue.Count, _rented, capture.Skipped);
            Program.Say("formats", AsyncGPUReadback.Queue[0].Format, AsyncGPUReadback.Queue[1].Format);
            _nowS = 20;
            AsyncGPUReadback.Finish(new byte[320 * 180 * 4]);
            Program.Say("half_done", _offered.Count);
            AsyncGPUReadback.Finish(new byte[160 * 90 * 2]);
            Describe(_offered[0]);
            AsyncGPUReadback.Finish(null);
            AsyncGPUReadback.Finish(new byte[160 * 90 * 2]);
            Program.Say("after_error", _offered.Count, capture.Failed);
            capture.Capture(source, StereoSyncCharacter.All);
            Program.Say("goes_on", AsyncGPUReadback.Queue.Count);
            int alive = RenderTexture.Alive;
            capture.Dispose();
            Program.Say("disposed", AsyncGPUReadback.Queue.Count, alive, RenderTexture.Alive, _offered.Count);
        }

        void RowsFromAbove()
        {
            var capture = new FrameCapture(this, new ScenePlaces(true), 321, 181);
            AsyncGPUReadback.Finish(Rows(true));
            capture.Capture(Source(), StereoSyncCharacter.All);
            AsyncGPUReadback.Finish(new byte[321 * 181 * 4]);
            AsyncGPUReadback.Finish(new byte[161 * 91 * 2]);
            Program.Say("odd", _offered[0].Picture.RowOrigin, _offered[0].Depth.RowOrigin, _offered[0].Depth.WidthPx, _offered[0].Depth.HeightPx);
            capture.Dispose();
        }

        static void Describe(FrameMessage frame)
        {
            frame.Check();
            Program.Say("stamped", frame.CaptureClientS, frame.Index, frame.Boxes.Count, frame.Boxes[0].X0);
            Program.Say("picture", frame.Picture.Format, frame.Picture.WidthPx, frame.Picture.HeightPx, frame.Picture.Bytes, frame.Picture.RowOrigin);
            Program.Say("depth", frame.Depth.Encoding, frame.Depth.Type, frame.Depth.WidthPx, frame.Depth.HeightPx, frame.Depth.RowOrigin);
            Program.Say("camera", frame.Camera.FovDeg, frame.Camera.FovAxis, frame.Camera.Near, frame.Camera.Far, frame.Camera.Aspect.Value);
            Program.Say("sky", frame.DepthBytes[0], frame.DepthBytes[1]);
        }

        static void Refusals()
        {
            SystemInfo.Supports = false;
            Program.Say("no_readback", CaptureCamera.WhyNot());
            SystemInfo.Supports = true;
            GraphicsSettings.currentRenderPipeline = new HDRenderPipelineAsset();
            Program.Say("hdrp", CaptureCamera.WhyNot());
            GraphicsSettings.currentRenderPipeline = new RenderPipelineAsset();
            Shader kept = Resources.Only;
            Resources.Only = null;
            Program.Say("no_shader", CaptureCamera.WhyNot());
            Resources.Only = kept;
            Program.Say("urp", CaptureCamera.WhyNot());
            GraphicsSettings.currentRenderPipeline = null;
        }

        static void Depths()
        {
            int[] halves = { 0x0000, 0x3C00, 0x7BFF, 0x7C00, 0x7E00, 0x8000, 0xBC00, 0xFE00, 0x0001 };
            var bytes = new byte[2 * halves.Length + 2];
            for (int i = 0; i < halves.Length; i++)
            {
                bytes[2 * i] = (byte)halves[i];
                bytes[2 * i + 1] = (byte)(halves[i] >> 8);
            }
            HalfDepth.MarkUnknown(bytes, 2 * halves.Length);
            var read = new List<string>();
            for (int i = 0; i < bytes.Length; i += 2) read.Add((bytes[i] | bytes[i + 1] << 8).ToString("x4"));
            Program.Say("halves", string.Join(" ", read.ToArray()));
        }

        static void Pace()
        {
            foreach (double screenHz in new[] { 144.0, 60, 30.2, 29.8, 20 })
            {
                var pacer = new Pacer();
                int due = 0;
                for (int i = 0; i < (int)(10 * screenHz); i++) due += pacer.IsDue(100 + i / screenHz, 30) ? 1 : 0;
                Program.Say("pace", screenHz, due / 10.0);
            }
            var late = new Pacer();
            late.IsDue(0, 30);
            int burst = 0;
            for (int i = 0; i < 5; i++) burst += late.IsDue(60 + i * 0.001, 30) ? 1 : 0;
            Program.Say("burst_after_pause", burst);
        }

        static Camera Source()
        {
            var camera = new GameObject("eye").AddComponent<Camera>();
            camera.transform.position = new Vector3(0, 1.5f, 0);
            camera.fieldOfView = 50;
            camera.aspect = 0.5f;
            return camera;
        }

        static StereoSyncCharacter Walker()
        {
            var body = new GameObject("walker");
            GameObject part = GameObject.CreatePrimitive(PrimitiveType.Cube);
            part.transform.SetParent(body.transform, false);
            part.transform.localPosition = new Vector3(0, 1, 6);
            return body.AddComponent<StereoSyncCharacter>();
        }

        static byte[] Rows(bool fromAbove)
        {
            var bytes = new byte[4 * 4 * 2];
            int[] halves = { 0x3000, 0x3600, 0x3900, 0x3B00 };
            for (int i = 0; i < 16; i++)
            {
                int half = halves[fromAbove ? 3 - i / 4 : i / 4];
                bytes[2 * i] = (byte)half;
                bytes[2 * i + 1] = (byte)(half >> 8);
            }
            return bytes;
        }

        static string Name(RenderTexture texture) { return texture.format + ":" + texture.width + "x" + texture.height; }

        sealed class HDRenderPipelineAsset : RenderPipelineAsset { }
    }
}
