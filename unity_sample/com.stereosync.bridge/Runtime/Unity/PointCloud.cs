// Points of a character in the world. Main thread only; the array grows once and is used again.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Gathers points that a box is to enclose.</summary>
    internal sealed class PointCloud
    {
        const float JustBeyond = 1.001f;

        readonly Vector3[] _corners = new Vector3[8];

        /// <summary>x, y, z of each point; the first 3 <see cref="Count"/> numbers count.</summary>
        public float[] Numbers = new float[1024];

        /// <summary>How many points there are.</summary>
        public int Count { get; private set; }

        /// <summary>Forgets all points.</summary>
        public void Clear()
        {
            Count = 0;
        }

        /// <summary>Adds one point of the world.</summary>
        public void Add(Vector3 world)
        {
            int at = 3 * Count;
            if (at + 3 > Numbers.Length)
            {
                Array.Resize(ref Numbers, 2 * Numbers.Length);
            }
            Numbers[at] = world.x;
            Numbers[at + 1] = world.y;
            Numbers[at + 2] = world.z;
            Count++;
        }

        /// <summary>Adds a mesh's vertices.</summary>
        public void AddVertices(List<Vector3> local, Matrix4x4 toWorld)
        {
            for (int i = 0; i < local.Count; i++)
            {
                Add(toWorld.MultiplyPoint3x4(local[i]));
            }
        }

        /// <summary>Adds the 8 corners of a cuboid, and the points where its edges cross the near plane.</summary>
        public void AddCuboid(Bounds local, Matrix4x4 toWorld, FrameView view)
        {
            for (int i = 0; i < 8; i++)
            {
                Vector3 half = local.extents;
                var corner = new Vector3((i & 1) == 0 ? -half.x : half.x, (i & 2) == 0 ? -half.y : half.y, (i & 4) == 0 ? -half.z : half.z);
                _corners[i] = toWorld.MultiplyPoint3x4(local.center + corner);
                Add(_corners[i]);
            }
            for (int from = 0; from < 8; from++)
            {
                for (int axis = 1; axis < 8; axis *= 2)
                {
                    if ((from & axis) == 0)
                    {
                        AddCut(_corners[from], _corners[from | axis], view);
                    }
                }
            }
        }

        void AddCut(Vector3 a, Vector3 b, FrameView view)
        {
            float aboveA = view.DepthM(a) - view.NearM * JustBeyond, aboveB = view.DepthM(b) - view.NearM * JustBeyond;
            if (aboveA < 0 != aboveB < 0)
            {
                Add(Vector3.Lerp(a, b, aboveA / (aboveA - aboveB)));
            }
        }
    }
}
