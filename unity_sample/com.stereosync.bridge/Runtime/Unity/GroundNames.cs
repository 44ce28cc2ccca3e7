// What a game calls its grounds. Main thread only; names are kept, for Unity makes a new text each time it is asked.
using System.Collections.Generic;
using UnityEngine;
#if UNITY_6000_0_OR_NEWER
using GroundMaterial = UnityEngine.PhysicsMaterial;
#else
using GroundMaterial = UnityEngine.PhysicMaterial;
#endif

namespace StereoSync
{
    /// <summary>The physics material's name, on terrain the strongest layer's, else the tag.</summary>
    internal static class GroundNames
    {
        const int Most = 1024;
        const string NoTag = "Untagged";

        static readonly Dictionary<Object, string> Names = new Dictionary<Object, string>();
        static readonly Dictionary<Object, TerrainGround> Terrains = new Dictionary<Object, TerrainGround>();

        /// <summary>Forgets all names, as after a change of scene.</summary>
        public static void Clear()
        {
            Names.Clear();
            Terrains.Clear();
        }

        /// <summary>The word for a ground at a point of the world; null where nothing says anything.</summary>
        public static string Of(Collider ground, Vector3 point)
        {
            GroundMaterial material = ground.sharedMaterial;
            string name = material == null ? null : Name(material, false);
            var terrain = ground as TerrainCollider;
            if (name == null && terrain != null)
            {
                name = TerrainOf(terrain).At(point);
            }
            return name ?? Name(ground, true);
        }

        static string Name(Object named, bool byTag)
        {
            string name;
            if (!Names.TryGetValue(named, out name))
            {
                if (Names.Count >= Most)
                {
                    Names.Clear();
                }
                name = byTag ? ((Collider)named).tag : named.name;
                name = string.IsNullOrEmpty(name) || name == NoTag ? null : name;
                Names.Add(named, name);
            }
            return name;
        }

        static TerrainGround TerrainOf(TerrainCollider terrain)
        {
            TerrainGround ground;
            if (!Terrains.TryGetValue(terrain, out ground))
            {
                ground = new TerrainGround(terrain.terrainData, terrain.transform.position);
                Terrains.Add(terrain, ground);
            }
            return ground;
        }
    }
}
