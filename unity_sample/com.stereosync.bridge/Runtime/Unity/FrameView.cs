// What boxes are projected with: the matrices of one captured picture. Main thread only; the arrays are used again.
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>A camera's place and matrices at the moment of a picture.</summary>
    internal sealed class FrameView
    {
        /// <summary>Row-major, world to clip space, y up whatever the graphics API.</summary>
        public readonly float[] ViewProjection = new float[16];

        /// <summary>Row-major, world to camera space, looking along -z.</summary>
        public readonly float[] WorldToCamera = new float[16];

        /// <summary>Width of the picture, px.</summary>
        public int WidthPx { get; private set; }

        /// <summary>Height of the picture, px.</summary>
        public int HeightPx { get; private set; }

        /// <summary>Distance of the near plane, m.</summary>
        public float NearM { get; private set; }

        /// <summary>Takes the camera's matrices of now.</summary>
        public void Set(Camera camera, int widthPx, int heightPx)
        {
            WidthPx = widthPx;
            HeightPx = heightPx;
            NearM = camera.nearClipPlane;
            Matrix4x4 view = camera.worldToCameraMatrix;
            Copy(view, WorldToCamera);
            Copy(camera.projectionMatrix * view, ViewProjection);
        }

        /// <summary>Distance of a point of the world along the optical axis, m.</summary>
        public float DepthM(Vector3 world)
        {
            return -(WorldToCamera[8] * world.x + WorldToCamera[9] * world.y + WorldToCamera[10] * world.z + WorldToCamera[11]);
        }

        /// <summary>Fills in the camera of a frame.</summary>
        public static void Describe(Camera camera, CameraSpec into)
        {
            into.FovDeg = camera.fieldOfView;
            into.FovAxis = "vertical";
            into.Near = camera.nearClipPlane;
            into.Far = camera.farClipPlane;
            into.MetresPerUnit = 1;
            into.Aspect = camera.aspect;
        }

        static void Copy(Matrix4x4 matrix, float[] into)
        {
            for (int row = 0; row < 4; row++)
            {
                for (int column = 0; column < 4; column++)
                {
                    into[4 * row + column] = matrix[row, column];
                }
            }
        }
    }
}
