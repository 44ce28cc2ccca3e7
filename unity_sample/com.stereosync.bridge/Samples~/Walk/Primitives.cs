using UnityEngine;
using UnityEngine.Rendering;

namespace StereoSync.Samples
{
    /// <summary>Coloured primitives whose material belongs to the pipeline in use, built-in or URP.</summary>
    internal static class Primitives
    {
        public static GameObject Make(string name, PrimitiveType type, Color color, Transform parent)
        {
            GameObject made = GameObject.CreatePrimitive(type);
            made.name = name;
            made.transform.SetParent(parent, false);
            Object.Destroy(made.GetComponent<Collider>());
            var renderer = made.GetComponent<Renderer>();
            renderer.sharedMaterial = new Material(ShaderFor(renderer)) { color = color };
            return made;
        }

        static Shader ShaderFor(Renderer renderer)
        {
            RenderPipelineAsset pipeline = GraphicsSettings.currentRenderPipeline;
            Shader wanted = pipeline != null ? pipeline.defaultShader : null;
            return wanted != null ? wanted : renderer.sharedMaterial.shader;
        }
    }
}
