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

        [Tooltip("What is told beside the box, so that it need not be seen in the picture.")]
        [SerializeField] ToldSettings told = new ToldSettings();

        long _automatic;
        CharacterShape _shape;
        CharacterTold _told;

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

        /// <summary>What is told beside the box. Call <see cref="RefreshBones"/> after a change of feet, events or contacts.</summary>
        public ToldSettings Told { get { return told; } }

        /// <summary>
        /// The ground in the game's own word, e.g. gravel, while it knows better than a ray: it replaces what rays find. Null or empty: rays
        /// and the picture.
        /// </summary>
        public string Surface { get; set; }

        /// <summary>Call this after meshes were added to or removed from the body.</summary>
        public void RefreshRenderers()
        {
            if (_shape != null)
            {
                _shape.Dispose();
            }
            _shape = new CharacterShape(renderers.Length > 0 ? renderers : GetComponentsInChildren<Renderer>());
        }

        /// <summary>Call this after the rig, its clips or what is told of them was exchanged.</summary>
        public void RefreshBones()
        {
            Animator animator = GetComponentInChildren<Animator>();
            _told = new CharacterTold(told, transform, animator);
            if (animator != null && told.contacts)
            {
                StereoSyncFootsteps there = animator.GetComponent<StereoSyncFootsteps>();
                StereoSyncFootsteps receiver = there != null ? there : animator.gameObject.AddComponent<StereoSyncFootsteps>();
                receiver.hideFlags = HideFlags.DontSave;
                receiver.Character = this;
            }
        }

        /// <summary>Tells the feet of a rig that is not humanoid.</summary>
        public void SetFeet(Transform left, Transform right)
        {
            told.leftFoot = left;
            told.rightFoot = right;
            RefreshBones();
        }

        /// <summary>Tells that a foot comes down. Told again for the same step, the newest word counts. Nothing before the first OnEnable.</summary>
        /// <param name="inS">In how many seconds of the game's time, -0.1 to 0.5.</param>
        /// <param name="strength">0.25 a soft step, 0.5 an ordinary one, 0.75 a running one; null if not known.</param>
        /// <param name="surface">On what, in the game's own word; null if not known.</param>
        public void TellContact(FootSide side, float inS = 0, float? strength = null, string surface = null)
        {
            if (_told != null)
            {
                double timeS = Time.timeAsDouble + inS;
                _told.Take(new TimedContact { Side = side, TimeS = timeS, Strength = strength, Surface = surface });
            }
        }

        /// <summary>Takes an event of an animation.</summary>
        internal void Take(AnimationEvent met)
        {
            if (told.contacts)
            {
                _told.Take(met);
            }
        }

        /// <summary>Puts what is told into the box of a frame that is captured now.</summary>
        internal void Tell(BoxSpec box, double captureS)
        {
            _told.Tell(box, Surface, captureS);
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
            RefreshBones(); // now, for the first pose is the rig's own
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
