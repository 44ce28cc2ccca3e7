// Stand-ins for UnityEngine's rendering: cameras with real matrices, textures that only know their size, and a journal of what was asked.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public enum RenderTextureFormat { ARGB32 = 0, Depth = 1, ARGBHalf = 2, RHalf = 15 }

    public enum RenderTextureReadWrite { Default, Linear, sRGB }

    public enum TextureFormat { RGBA32 = 4, RHalf = 15 }

    public enum FilterMode { Point, Bilinear, Trilinear }

    public enum CameraClearFlags { Skybox = 1, SolidColor = 2, Depth = 3, Nothing = 4 }

    public enum RenderingPath { UsePlayerSettings = -1, VertexLit = 0, Forward = 1, DeferredShading = 3 }

    public enum StereoTargetEyeMask { None, Left, Right, Both }

    public class Texture : Object
    {
        public int width { get; protected set; }

        public int height { get; protected set; }

        public FilterMode filterMode { get; set; }
    }

    public class RenderTexture : Texture
    {
        /// <summary>Test: how many are alive.</summary>
        public static int Alive;

        public RenderTexture(int width, int height, int depth, RenderTextureFormat format, RenderTextureReadWrite readWrite)
        {
            this.width = width; this.height = height; this.depth = depth; this.format = format;
            Alive++;
        }

        public int depth { get; set; }

        public RenderTextureFormat format { get; set; }

        public int antiAliasing { get; set; }

        public bool Create() { return true; }

        public void Release() { }

        protected override void OnDestroyed() { Alive--; }
    }

    public sealed class Shader : Object
    {
        public Shader(string name) { this.name = name; isSupported = true; }

        public bool isSupported { get; set; }

        public static Shader Find(string name) { return new Shader(name); }
    }

    public class Material : Object
    {
        public readonly Dictionary<string, Vector4> Vectors = new Dictionary<string, Vector4>();

        public Material(Shader shader) { this.shader = shader; }

        public Shader shader { get; set; }

        public Color color { get; set; }

        public void SetVector(string name, Vector4 value) { Vectors[name] = value; }
    }

    public sealed class Mesh : Object
    {
        private List<Vector3> points = new List<Vector3>();

        public Bounds bounds { get; set; }

        public int vertexCount { get { return points.Count; } }

        public void GetVertices(List<Vector3> vertices) { vertices.Clear(); vertices.AddRange(points); }

        public void SetVertices(List<Vector3> vertices) { points = new List<Vector3>(vertices); }

        internal static Mesh Primitive(PrimitiveType type)
        {
            float height = type == PrimitiveType.Capsule || type == PrimitiveType.Cylinder ? 2f : 1f;
            Vector3 size = type == PrimitiveType.Plane ? new Vector3(10, 0, 10) : new Vector3(1, height, 1);
            return new Mesh { name = type.ToString(), bounds = new Bounds(Vector3.zero, size) };
        }
    }

    public sealed class MeshFilter : Component { public Mesh sharedMesh { get; set; } }

    public class Renderer : Component
    {
        public Renderer() { enabled = true; }

        public bool enabled { get; set; }

        public virtual Bounds bounds { get { return WorldBounds(localBounds); } }

        public Bounds localBounds { get { return LocalBounds(); } }

        public Material sharedMaterial { get; set; }

        public Matrix4x4 localToWorldMatrix { get { return transform.localToWorldMatrix; } }

        protected virtual Bounds LocalBounds() { return gameObject.GetComponent<MeshFilter>().sharedMesh.bounds; }

        private Bounds WorldBounds(Bounds local)
        {
            Matrix4x4 m = transform.localToWorldMatrix;
            var world = new Bounds(m.MultiplyPoint3x4(local.center), Vector3.zero);
            for (int i = 0; i < 8; i++)
            {
                Vector3 e = local.extents;
                world.Encapsulate(m.MultiplyPoint3x4(local.center + new Vector3((i & 1) == 0 ? -e.x : e.x, (i & 2) == 0 ? -e.y : e.y, (i & 4) == 0 ? -e.z : e.z)));
            }
            return world;
        }
    }

    public sealed class MeshRenderer : Renderer { }

    public sealed class SkinnedMeshRenderer : Renderer
    {
        /// <summary>Test: what the bones make of the mesh; relative to the transform's place and turn, its scale applied.</summary>
        public List<Vector3> Posed = new List<Vector3>();

        /// <summary>Test: the bounds that the importer made, which follow no limb.</summary>
        public Bounds Imported;

        public Mesh sharedMesh { get; set; }

        public void BakeMesh(Mesh mesh, bool useScale)
        {
            var points = new List<Vector3>(Posed);
            Vector3 s = transform.localScale;
            if (useScale) for (int i = 0; i < points.Count; i++) points[i] = new Vector3(points[i].x / s.x, points[i].y / s.y, points[i].z / s.z);
            mesh.SetVertices(points);
        }

        protected override Bounds LocalBounds() { return Imported; }
    }

    public sealed class Camera : Behaviour
    {
        /// <summary>Test: every target that some camera rendered into, in order.</summary>
        public static readonly List<RenderTexture> Rendered = new List<RenderTexture>();

        public static Camera main { get; set; }

        public Camera() { fieldOfView = 60; nearClipPlane = 0.3f; farClipPlane = 1000; aspect = 16f / 9f; clearFlags = CameraClearFlags.Skybox; }

        public float fieldOfView { get; set; }

        public float nearClipPlane { get; set; }

        public float farClipPlane { get; set; }

        public float aspect { get; set; }

        public bool orthographic { get; set; }

        public bool usePhysicalProperties { get; set; }

        public bool allowMSAA { get; set; }

        public bool allowHDR { get; set; }

        public Rect rect { get; set; }

        public CameraClearFlags clearFlags { get; set; }

        public RenderingPath renderingPath { get; set; }

        public StereoTargetEyeMask stereoTargetEye { get; set; }

        public RenderTexture targetTexture { get; set; }

        public Matrix4x4 projectionMatrix { get { return Matrix4x4.Perspective(fieldOfView, aspect, nearClipPlane, farClipPlane); } }

        /// <summary>Looks along -z, as OpenGL's, whatever the platform.</summary>
        public Matrix4x4 worldToCameraMatrix
        {
            get
            {
                Quaternion back = Quaternion.Inverse(transform.rotation);
                Matrix4x4 m = Matrix4x4.TRS(back * -transform.position, back, Vector3.one);
                m.m20 = -m.m20; m.m21 = -m.m21; m.m22 = -m.m22; m.m23 = -m.m23;
                return m;
            }
        }

        public void CopyFrom(Camera other)
        {
            fieldOfView = other.fieldOfView; nearClipPlane = other.nearClipPlane; farClipPlane = other.farClipPlane;
            aspect = other.aspect; orthographic = other.orthographic; clearFlags = other.clearFlags; renderingPath = other.renderingPath;
            targetTexture = other.targetTexture;
            transform.SetPositionAndRotation(other.transform.position, other.transform.rotation);
        }

        public void ResetProjectionMatrix() { }

        public void ResetWorldToCameraMatrix() { }

        public void Render() { Rendered.Add(targetTexture); }
    }

    public static class Graphics
    {
        public static void Blit(Texture source, RenderTexture dest, Material mat, int pass) { }
    }

    public static class SystemInfo
    {
        public static bool supportsAsyncGPUReadback { get { return Supports; } }

        public static string graphicsDeviceType { get { return "Stub"; } }

        /// <summary>Test: what the graphics API can do.</summary>
        public static bool Supports = true;

        public static bool SupportsRenderTextureFormat(RenderTextureFormat format) { return true; }
    }

    public static class Resources
    {
        /// <summary>Test: the only asset there is, or null.</summary>
        public static Shader Only = new Shader("Hidden/StereoSync/LinearDepth");

        public static T Load<T>(string path) where T : Object { return (T)(Object)Only; }
    }
}

namespace UnityEngine.Rendering
{
    public class RenderPipelineAsset : Object { public virtual Shader defaultShader { get; set; } }

    public static class GraphicsSettings { public static RenderPipelineAsset currentRenderPipeline { get; set; } }

    public struct AsyncGPUReadbackRequest
    {
        internal byte[] Bytes;

        public bool hasError { get { return Bytes == null; } }

        public bool done { get { return true; } }

        public Unity.Collections.NativeArray<T> GetData<T>(int layer = 0) where T : struct
        {
            return new Unity.Collections.NativeArray<T>((T[])(object)Bytes);
        }
    }

    public static class AsyncGPUReadback
    {
        public sealed class Waiting { public Texture Source; public TextureFormat Format; public Action<AsyncGPUReadbackRequest> Callback; }

        /// <summary>Test: what was asked for and has not come, oldest first.</summary>
        public static readonly List<Waiting> Queue = new List<Waiting>();

        public static AsyncGPUReadbackRequest Request(Texture src, int mipIndex, TextureFormat dstFormat, Action<AsyncGPUReadbackRequest> callback = null)
        {
            Queue.Add(new Waiting { Source = src, Format = dstFormat, Callback = callback });
            return new AsyncGPUReadbackRequest();
        }

        public static void WaitAllRequests() { while (Queue.Count > 0) Finish(null); }

        /// <summary>Test: the oldest request comes back with these bytes, or with an error if null.</summary>
        public static void Finish(byte[] bytes)
        {
            Waiting first = Queue[0];
            Queue.RemoveAt(0);
            first.Callback(new AsyncGPUReadbackRequest { Bytes = bytes });
        }
    }
}

namespace Unity.Collections
{
    public struct NativeArray<T> where T : struct
    {
        private readonly T[] data;

        public NativeArray(T[] data) { this.data = data; }

        public int Length { get { return data.Length; } }

        public T this[int i] { get { return data[i]; } }

        public static void Copy(NativeArray<T> src, T[] dst, int length) { Array.Copy(src.data, dst, length); }
    }
}
