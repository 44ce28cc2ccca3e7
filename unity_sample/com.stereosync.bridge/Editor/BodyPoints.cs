// The points of a posed body. Main thread of the editor only.
using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace StereoSync
{
    /// <summary>
    /// The vertices of skinned meshes as they are drawn and the 8 corners of each rigid part; of a body without either, its bones. Each pose
    /// gives the same points in the same order.
    /// </summary>
    internal sealed class BodyPoints : IDisposable
    {
        readonly List<SkinnedMeshRenderer> _skins = new List<SkinnedMeshRenderer>();
        readonly List<MeshRenderer> _rigids = new List<MeshRenderer>();
        readonly Transform[] _bones;
        readonly List<Vector3> _vertices = new List<Vector3>();
        readonly Mesh _posed = new Mesh { hideFlags = HideFlags.HideAndDontSave };

        /// <param name="body">What is below it counts, as far as it is shown.</param>
        public BodyPoints(GameObject body)
        {
            foreach (Renderer renderer in body.GetComponentsInChildren<Renderer>())
            {
                AddIfShown(renderer);
            }
            AreBones = _skins.Count + _rigids.Count == 0;
            _bones = AreBones ? body.GetComponentsInChildren<Transform>() : new Transform[0];
        }

        /// <summary>Whether nothing of the body is drawn, so that its bones stand for it.</summary>
        public bool AreBones { get; private set; }

        void AddIfShown(Renderer renderer)
        {
            var skin = renderer as SkinnedMeshRenderer;
            var rigid = renderer as MeshRenderer;
            if (renderer.enabled && skin != null)
            {
                _skins.Add(skin);
            }
            else if (renderer.enabled && rigid != null)
            {
                _rigids.Add(rigid);
            }
        }

        /// <summary>All points of the pose, in the world.</summary>
        public List<Vector3> Read()
        {
            var points = new List<Vector3>();
            foreach (SkinnedMeshRenderer skin in _skins)
            {
                skin.BakeMesh(_posed, true); // true: the scale stays in the matrix
                _posed.GetVertices(_vertices);
                Matrix4x4 toWorld = skin.localToWorldMatrix;
                points.AddRange(_vertices.ConvertAll(vertex => toWorld.MultiplyPoint3x4(vertex)));
            }
            foreach (MeshRenderer rigid in _rigids)
            {
                AddCorners(rigid.localBounds, rigid.localToWorldMatrix, points);
            }
            points.AddRange(Array.ConvertAll(_bones, bone => bone.position));
            return points;
        }

        static void AddCorners(Bounds local, Matrix4x4 toWorld, List<Vector3> points)
        {
            for (int i = 0; i < 8; i++)
            {
                Vector3 low = local.min, high = local.max;
                points.Add(toWorld.MultiplyPoint3x4(new Vector3((i & 1) == 0 ? low.x : high.x, (i & 2) == 0 ? low.y : high.y, (i & 4) == 0 ? low.z : high.z)));
            }
        }

        /// <summary>Frees the mesh that poses are baked into.</summary>
        public void Dispose()
        {
            Object.DestroyImmediate(_posed);
        }
    }
}
