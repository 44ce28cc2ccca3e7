// Stand-ins for UnityEngine's physics: flat floors of colliders, which a ray down meets; names and tags are made anew at each read, as Unity's.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public struct LayerMask
    {
        private int mask;

        public static implicit operator int(LayerMask layers) { return layers.mask; }

        public static implicit operator LayerMask(int mask) { return new LayerMask { mask = mask }; }
    }

    public enum QueryTriggerInteraction { UseGlobal, Ignore, Collide }

#if UNITY_6000_0_OR_NEWER
    public sealed class PhysicsMaterial : Object { }
#else
    public sealed class PhysicMaterial : Object { }
#endif

    public class Collider : Component
    {
        /// <summary>Test: where a ray down meets it; a size of 0 is met by none.</summary>
        public float TopM;
        public Vector3 Corner, Size;
        public int Layer;

#if UNITY_6000_0_OR_NEWER
        public PhysicsMaterial sharedMaterial { get; set; }
#else
        public PhysicMaterial sharedMaterial { get; set; }
#endif
    }

    public sealed class TerrainCollider : Collider { public TerrainData terrainData { get; set; } }

    public sealed class TerrainLayer : Object { }

    public sealed class TerrainData : Object
    {
        /// <summary>Test: shares by row, column and layer, and how often they were asked for.</summary>
        public float[,,] Shares;
        public int Reads;
        public TerrainLayer[] Layers = new TerrainLayer[0];

        public TerrainLayer[] terrainLayers { get { return (TerrainLayer[])Layers.Clone(); } }

        public Vector3 size { get; set; }

        public int alphamapWidth { get { return Shares.GetLength(1); } }

        public int alphamapHeight { get { return Shares.GetLength(0); } }

        public float[,,] GetAlphamaps(int x, int y, int width, int height)
        {
            Reads++;
            var found = new float[height, width, Shares.GetLength(2)];
            for (int row = 0; row < height; row++)
                for (int column = 0; column < width; column++)
                    for (int layer = 0; layer < Shares.GetLength(2); layer++) found[row, column, layer] = Shares[y + row, x + column, layer];
            return found;
        }
    }

    public struct RaycastHit
    {
        public Collider collider { get; internal set; }

        public float distance { get; internal set; }

        public Vector3 point { get; internal set; }
    }

    public static class Physics
    {
        public const int DefaultRaycastLayers = -5;

        /// <summary>Test: what a ray can meet, and rays cast.</summary>
        public static readonly List<Collider> Floors = new List<Collider>();
        public static int Rays;

        public static int RaycastNonAlloc(
            Vector3 origin, Vector3 direction, RaycastHit[] results, float maxDistance, int layerMask, QueryTriggerInteraction triggers)
        {
            Rays++;
            int count = 0;
            foreach (Collider floor in Floors)
            {
                float distance = origin.y - floor.TopM, x = origin.x - floor.Corner.x, z = origin.z - floor.Corner.z;
                bool met = distance >= 0 && distance <= maxDistance && x >= 0 && z >= 0 && x < floor.Size.x && z < floor.Size.z;
                if (!met || (layerMask & (1 << floor.Layer)) == 0 || count == results.Length) continue;
                results[count++] = new RaycastHit { collider = floor, distance = distance, point = new Vector3(origin.x, floor.TopM, origin.z) };
            }
            return count;
        }
    }
}
