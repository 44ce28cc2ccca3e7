// The parts of a body. Main thread only.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Gives the points in the world that a character's box is to enclose.</summary>
    internal sealed class CharacterShape : IDisposable
    {
        readonly List<SkinnedMeshRenderer> _skins = new List<SkinnedMeshRenderer>();
        readonly List<MeshRenderer> _rigids = new List<MeshRenderer>();
        readonly List<Vector3> _vertices = new List<Vector3>();
        Mesh _posed;

        /// <param name="renderers">Renderers of other kinds than meshes (particles, trails) are left out.</param>
        public CharacterShape(Renderer[] renderers)
        {
            foreach (Renderer renderer in renderers)
            {
                var skin = renderer as SkinnedMeshRenderer;
                var rigid = renderer as MeshRenderer;
                if (skin != null)
                {
                    _skins.Add(skin);
                }
                else if (rigid != null)
                {
                    _rigids.Add(rigid);
                }
            }
        }

        /// <summary>The middle of the world bounds of all parts that are shown.</summary>
        public Vector3 Middle
        {
            get
            {
                Bounds whole;
                return TryWhole(out whole) ? whole.center : Vector3.zero;
            }
        }

        /// <summary>Adds the body's points.</summary>
        public void Gather(BoxMode mode, FrameView view, PointCloud points)
        {
            if (mode == BoxMode.Bounds)
            {
                Bounds whole;
                if (TryWhole(out whole))
                {
                    points.AddCuboid(whole, Matrix4x4.identity, view);
                }
                return;
            }
            foreach (MeshRenderer rigid in _rigids)
            {
                if (IsShown(rigid))
                {
                    points.AddCuboid(rigid.localBounds, rigid.localToWorldMatrix, view);
                }
            }
            foreach (SkinnedMeshRenderer skin in _skins)
            {
                if (IsShown(skin))
                {
                    AddPosed(skin, points);
                }
            }
        }

        /// <summary>Frees the mesh that poses are baked into.</summary>
        public void Dispose()
        {
            if (_posed != null)
            {
                CaptureCamera.Discard(_posed);
            }
        }

        static bool IsShown(Renderer renderer)
        {
            return renderer != null && renderer.enabled && renderer.gameObject.activeInHierarchy;
        }

        void AddPosed(SkinnedMeshRenderer skin, PointCloud points)
        {
            if (_posed == null)
            {
                _posed = new Mesh { hideFlags = HideFlags.HideAndDontSave };
            }
            skin.BakeMesh(_posed, true); // true: the scale stays in the matrix
            _posed.GetVertices(_vertices);
            points.AddVertices(_vertices, skin.localToWorldMatrix);
        }

        bool TryWhole(out Bounds whole)
        {
            whole = new Bounds();
            bool any = false;
            foreach (MeshRenderer rigid in _rigids)
            {
                Join(rigid, ref whole, ref any);
            }
            foreach (SkinnedMeshRenderer skin in _skins)
            {
                Join(skin, ref whole, ref any);
            }
            return any;
        }

        static void Join(Renderer renderer, ref Bounds whole, ref bool any)
        {
            if (!IsShown(renderer))
            {
                return;
            }
            if (any)
            {
                whole.Encapsulate(renderer.bounds);
            }
            else
            {
                whole = renderer.bounds;
            }
            any = true;
        }
    }
}
