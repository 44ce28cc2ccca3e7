// Marks a character. Main thread only.
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>What a character's box is drawn around.</summary>
    public enum BoxMode
    {
        /// <summary>The vertices of skinned meshes as they are posed now, and the 8 corners of each rigid part. Tight.</summary>
        Mesh,

        /// <summary>The 8 corners of one box around everything. Loose, and nearly free.</summary>
        Bounds,
    }

    /// <summary>Put this on the root of everyone whose steps are to be heard.</summary>
    [AddComponentMenu("StereoSync/StereoSync Character")]
    [DisallowMultipleComponent]
    public sealed class StereoSyncCharacter : MonoBehaviour
    {
        static readonly List<StereoSyncCharacter> Enabled = new List<StereoSyncCharacter>();
        static long _lastAutomatic;

        [Tooltip("A name for what this is, 64 characters at most.")]
        [SerializeField] string label = "character";

        [Tooltip("The same character keeps its number from frame to frame, and no two share one. 0: a number of its own is given.")]
        [SerializeField] int id = 0;

        [Tooltip("Mesh: a tight box around the limbs as they move. The model hears steps in how the box breathes: onset F1 is 0.76 with tight boxes and 0.44 with loose ones. Bounds: one loose box, nearly free.")]
        [SerializeField] BoxMode boxMode = BoxMode.Mesh;

        [Tooltip("The renderers that belong to the body. Empty: all meshes below this object. Skinned meshes are posed on the CPU once per frame that is sent; listing only the coarsest level of detail saves that time.")]
        [SerializeField] Renderer[] renderers = new Renderer[0];

        [Tooltip("Send the middle of the body as a position, which then wins over the depth picture. Useful when something often stands in front.")]
        [SerializeField] bool sendPosition;

        long _automatic;
        CharacterShape _shape;

        /// <summary>The characters that are enabled now, in the order in which they became so.</summary>
        public static IList<StereoSyncCharacter> All { get { return Enabled; } }

        /// <summary>A name for what this is, 64 characters at most.</summary>
        public string Label { get { return label; } set { label = value ?? ""; } }

        /// <summary>The number on the wire: the inspector's, or a negative one that is this character's own.</summary>
        public long Id
        {
            get
            {
                if (id != 0)
                {
                    return id;
                }
                if (_automatic == 0)
                {
                    _automatic = --_lastAutomatic;
                }
                return _automatic;
            }
        }

        /// <summary>What the box is drawn around.</summary>
        public BoxMode BoxMode { get { return boxMode; } set { boxMode = value; } }

        /// <summary>Whether the middle of the body is sent as a position.</summary>
        public bool SendPosition { get { return sendPosition; } set { sendPosition = value; } }

        /// <summary>Call this after meshes were added to or removed from the body.</summary>
        public void RefreshRenderers()
        {
            if (_shape != null)
            {
                _shape.Dispose();
            }
            _shape = new CharacterShape(renderers.Length > 0 ? renderers : GetComponentsInChildren<Renderer>());
        }

        /// <summary>Projects the body.</summary>
        /// <returns>False when there is nothing to see in the picture.</returns>
        internal bool TryBox(FrameView view, PointCloud points, out PixelBox box)
        {
            if (_shape == null)
            {
                RefreshRenderers();
            }
            points.Clear();
            _shape.Gather(boxMode, view, points);
            return BoxProjector.TryPoints(points.Numbers, points.Count, view.ViewProjection, view.NearM, view.WidthPx, view.HeightPx, out box);
        }

        /// <summary>The middle of the body in the world.</summary>
        internal Vector3 Middle { get { return _shape.Middle; } }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void ForgetLastPlay()
        {
            Enabled.Clear();
            _lastAutomatic = 0;
        }

        void OnEnable()
        {
            Enabled.Add(this);
        }

        void OnDisable()
        {
            Enabled.Remove(this);
            if (_shape != null)
            {
                _shape.Dispose();
                _shape = null;
            }
        }
    }
}
