// In which order rows come back from the graphics device. Main thread only.
using UnityEngine;
using UnityEngine.Rendering;

namespace StereoSync
{
    /// <summary>
    /// Measures which row of a texture is read back first. Unity turns its cameras' pictures so that v = 0 is the lower edge on every
    /// graphics API; what remains is whether readback begins at v = 0. A texture that holds v itself tells.
    /// </summary>
    internal sealed class RowOrder
    {
        const int SidePx = 4;
        const int BytesPerRow = SidePx * 2;

        readonly RenderTexture _rows;

        /// <summary>Asks the device; the answer comes some frames later.</summary>
        public RowOrder(CaptureCamera camera)
        {
            _rows = CaptureCamera.Target(SidePx, SidePx, 0, RenderTextureFormat.RHalf, RenderTextureReadWrite.Linear);
            camera.DrawRows(_rows);
            AsyncGPUReadback.Request(_rows, 0, TextureFormat.RHalf, OnRows);
        }

        /// <summary><c>bottom</c> or <c>top</c> as the wire says it; null until the device has answered.</summary>
        public string Origin { get; private set; }

        void OnRows(AsyncGPUReadbackRequest request)
        {
            Origin = request.hasError || ReadsFromBelow(request.GetData<byte>()) ? "bottom" : "top";
            CaptureCamera.Release(_rows);
        }

        static bool ReadsFromBelow(Unity.Collections.NativeArray<byte> v)
        {
            int first = v[0] | v[1] << 8;
            int last = v[v.Length - BytesPerRow] | v[v.Length - BytesPerRow + 1] << 8;
            return first < last; // half floats of 0 to 1 keep their order as integers
        }
    }
}
