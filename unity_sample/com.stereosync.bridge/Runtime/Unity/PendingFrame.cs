// A frame whose picture and depth are on their way back from the graphics device. Main thread only; Unity calls back on it.
using System;
using StereoSync.Bridge;
using Unity.Collections;
using UnityEngine;
using UnityEngine.Rendering;

namespace StereoSync
{
    /// <summary>Two readbacks that make one frame. Used again and again, so that nothing is allocated per frame.</summary>
    internal sealed class PendingFrame
    {
        readonly Action<AsyncGPUReadbackRequest> _onPicture;
        readonly Action<AsyncGPUReadbackRequest> _onMetres;
        readonly Action<PendingFrame, bool> _whenDone;
        int _missing;
        bool _failed;

        /// <param name="whenDone">Called with this and whether both parts came.</param>
        public PendingFrame(Action<PendingFrame, bool> whenDone)
        {
            _onPicture = OnPicture;
            _onMetres = OnMetres;
            _whenDone = whenDone;
        }

        /// <summary>The frame, stamped before the request; its buffers are filled when it is done.</summary>
        public FrameMessage Frame { get; private set; }

        /// <summary>Asks for both textures; sizes and formats of the frame are set here.</summary>
        /// <param name="rowOrigin">Which row is read back first, <c>top</c> or <c>bottom</c>.</param>
        public void Request(FrameMessage frame, CaptureCamera camera, string rowOrigin)
        {
            Frame = frame;
            _missing = 2;
            _failed = false;
            DescribePicture(frame.Picture, camera.Picture, rowOrigin);
            DescribeDepth(frame.Depth, camera.Metres, rowOrigin);
            AsyncGPUReadback.Request(camera.Picture, 0, TextureFormat.RGBA32, _onPicture);
            AsyncGPUReadback.Request(camera.Metres, 0, TextureFormat.RHalf, _onMetres);
        }

        static void DescribePicture(PictureSpec picture, RenderTexture texture, string rowOrigin)
        {
            picture.Format = "rgba8";
            picture.WidthPx = texture.width;
            picture.HeightPx = texture.height;
            picture.RowOrigin = rowOrigin;
        }

        static void DescribeDepth(DepthSpec depth, RenderTexture texture, string rowOrigin)
        {
            depth.Encoding = "linear";
            depth.Type = "float16";
            depth.WidthPx = texture.width;
            depth.HeightPx = texture.height;
            depth.RowOrigin = rowOrigin;
        }

        void OnPicture(AsyncGPUReadbackRequest request)
        {
            int bytes = Frame.Picture.WidthPx * Frame.Picture.HeightPx * 4;
            Finish(Take(request, bytes, Frame.ReservePicture(bytes)));
        }

        void OnMetres(AsyncGPUReadbackRequest request)
        {
            int bytes = Frame.Depth.WidthPx * Frame.Depth.HeightPx * 2;
            byte[] into = Frame.ReserveDepth(bytes);
            bool came = Take(request, bytes, into);
            if (came)
            {
                HalfDepth.MarkUnknown(into, bytes);
            }
            Finish(came);
        }

        static bool Take(AsyncGPUReadbackRequest request, int bytes, byte[] into)
        {
            if (request.hasError)
            {
                return false;
            }
            NativeArray<byte> data = request.GetData<byte>();
            if (data.Length != bytes)
            {
                return false;
            }
            NativeArray<byte>.Copy(data, into, bytes);
            return true;
        }

        void Finish(bool came)
        {
            _failed |= !came;
            _missing--;
            if (_missing == 0)
            {
                _whenDone(this, !_failed);
            }
        }
    }
}
