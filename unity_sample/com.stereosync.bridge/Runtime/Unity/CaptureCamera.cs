// The camera that frames are captured with. Main thread only.
using System;
using UnityEngine;
using UnityEngine.Rendering;
using Object = UnityEngine.Object;

namespace StereoSync
{
    /// <summary>A small camera of our own that sees what the game's camera sees, once as colour and once as depth.</summary>
    /// <remarks>
    /// It is disabled and rendered by hand, which the built-in pipeline and URP both do at once, so that picture, depth and boxes belong
    /// to one moment. Depth is a target of its own, of the format Depth: both pipelines fill such a target whatever their settings say
    /// of depth textures, and nobody else writes into it.
    /// </remarks>
    internal sealed class CaptureCamera : IDisposable
    {
        const int DepthBits = 24;
        const string ShaderName = "StereoSyncLinearDepth";
        const string PlanesName = "_StereoSyncPlanes";
        const int MetresPass = 0;
        const int RowsPass = 1;

        readonly Material _material;
        readonly RenderTexture _depth;

        /// <param name="widthPx">Width of the picture; depth has half of it.</param>
        /// <param name="heightPx">Height of the picture; depth has half of it.</param>
        /// <exception cref="InvalidOperationException">Nothing can be captured here; the message says why.</exception>
        public CaptureCamera(int widthPx, int heightPx)
        {
            string reason = WhyNot();
            if (reason != null)
            {
                throw new InvalidOperationException(reason);
            }
            _material = new Material(Resources.Load<Shader>(ShaderName)) { hideFlags = HideFlags.HideAndDontSave };
            int halfWidthPx = (widthPx + 1) / 2, halfHeightPx = (heightPx + 1) / 2;
            Picture = Target(widthPx, heightPx, DepthBits, RenderTextureFormat.ARGB32, RenderTextureReadWrite.sRGB);
            _depth = Target(halfWidthPx, halfHeightPx, DepthBits, RenderTextureFormat.Depth, RenderTextureReadWrite.Linear);
            Metres = Target(halfWidthPx, halfHeightPx, 0, RenderTextureFormat.RHalf, RenderTextureReadWrite.Linear);
            var holder = new GameObject("StereoSync capture") { hideFlags = HideFlags.HideAndDontSave };
            Camera = holder.AddComponent<Camera>();
            Camera.enabled = false;
        }

        /// <summary>The picture as the screen would show it, 8 bits a channel.</summary>
        public RenderTexture Picture { get; private set; }

        /// <summary>Metres along the optical axis, half floats; 0 where nothing was hit.</summary>
        public RenderTexture Metres { get; private set; }

        /// <summary>After <see cref="Render"/> its place and matrices are those of the picture.</summary>
        public Camera Camera { get; private set; }

        /// <summary>Why nothing can be captured here, with the cure; null if all is well.</summary>
        public static string WhyNot()
        {
            if (!SystemInfo.supportsAsyncGPUReadback)
            {
                return "This graphics API has no asynchronous readback, so no frame can be sent: choose Direct3D 11 or 12, Vulkan or Metal in the player settings.";
            }
            if (!SystemInfo.SupportsRenderTextureFormat(RenderTextureFormat.RHalf) || !SystemInfo.SupportsRenderTextureFormat(RenderTextureFormat.Depth))
            {
                return "This graphics device cannot render depth into a texture, so no frame can be sent: use one that has the formats Depth and RHalf.";
            }
            RenderPipelineAsset pipeline = GraphicsSettings.currentRenderPipeline;
            if (pipeline != null && pipeline.GetType().Name == "HDRenderPipelineAsset")
            {
                return "HDRP is not supported, so no frame can be sent: use URP or the built-in pipeline.";
            }
            return Resources.Load<Shader>(ShaderName) != null ? null
                : "The shader " + ShaderName + " is missing, so no frame can be sent: install the whole package com.stereosync.bridge.";
        }

        /// <summary>Renders what the source sees now into <see cref="Picture"/> and <see cref="Metres"/>.</summary>
        public void Render(Camera source)
        {
            Follow(source);
            Camera.targetTexture = Picture;
            Camera.Render();
            Camera.targetTexture = _depth;
            Camera.renderingPath = RenderingPath.Forward; // a deferred camera of the built-in pipeline has no depth-only way
            Camera.Render();
            Camera.targetTexture = null;
            _material.SetVector(PlanesName, new Vector4(Camera.nearClipPlane, Camera.farClipPlane, 0, 0));
            Graphics.Blit(_depth, Metres, _material, MetresPass);
        }

        /// <summary>Writes the texture coordinate v into a texture.</summary>
        public void DrawRows(RenderTexture into)
        {
            Graphics.Blit(_depth, into, _material, RowsPass);
        }

        /// <summary>Releases camera and textures.</summary>
        public void Dispose()
        {
            Discard(Camera.gameObject);
            Discard(_material);
            Release(Picture);
            Release(_depth);
            Release(Metres);
        }

        /// <summary>A texture that no scene saves.</summary>
        internal static RenderTexture Target(int widthPx, int heightPx, int depthBits, RenderTextureFormat format, RenderTextureReadWrite readWrite)
        {
            var made = new RenderTexture(widthPx, heightPx, depthBits, format, readWrite);
            made.antiAliasing = 1; // with more, Direct3D may hand the picture on the other way up
            made.filterMode = FilterMode.Point;
            made.hideFlags = HideFlags.HideAndDontSave;
            made.Create();
            return made;
        }

        /// <summary>Frees a texture on the graphics device and its object.</summary>
        internal static void Release(RenderTexture texture)
        {
            texture.Release();
            Discard(texture);
        }

        internal static void Discard(Object made)
        {
            if (Application.isPlaying)
            {
                Object.Destroy(made);
            }
            else
            {
                Object.DestroyImmediate(made); // the editor allows nothing else outside of play mode
            }
        }

        void Follow(Camera source)
        {
            Camera.CopyFrom(source);
            Camera.enabled = false;
            Camera.ResetProjectionMatrix();
            Camera.ResetWorldToCameraMatrix();
            Camera.usePhysicalProperties = false; // a shifted lens has no place in the message, and the boxes follow this camera
            Camera.fieldOfView = source.fieldOfView;
            Camera.stereoTargetEye = StereoTargetEyeMask.None;
            Camera.rect = new Rect(0, 0, 1, 1);
            Camera.allowMSAA = false;
            Camera.allowHDR = false;
            Camera.aspect = (float)Picture.width / Picture.height;
            if (source.clearFlags != CameraClearFlags.SolidColor)
            {
                Camera.clearFlags = CameraClearFlags.Skybox; // a camera that does not clear would keep the last frame's depth
            }
        }
    }
}
