// Tells what the surroundings are. Main thread only.
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>
    /// Put this on an object whose box the camera walks into, or make it global. Where several hold the camera, the smallest says what it
    /// knows, and larger ones the rest.
    /// </summary>
    [AddComponentMenu("StereoSync/StereoSync Place")]
    public sealed class StereoSyncPlace : MonoBehaviour
    {
        static readonly List<StereoSyncPlace> Enabled = new List<StereoSyncPlace>(); // the smallest first

        [Tooltip("Everywhere, instead of within the box.")]
        [SerializeField] bool everywhere = true;

        [Tooltip("The box, in this object's own axes and scale.")]
        [SerializeField] Vector3 size = new Vector3(10, 4, 10);

        [Header("What is heard around")]
        [Tooltip("Seen: the picture decides. Quiet: nothing.")]
        [SerializeField] PlaceKind kind = PlaceKind.Seen;

        [SerializeField] bool tellAmount;

        [Tooltip("How much of it is heard.")]
        [SerializeField, Range(0, 1)] float amount = 0.5f;

        [Tooltip("Off: steps and their room alone, for a game that has an ambience of its own.")]
        [SerializeField] bool ambience = true;

        [Header("The room")]
        [SerializeField] bool tellRoom;

        [Tooltip("Typical width, metres. 0 is outdoors.")]
        [SerializeField] float roomSizeM = 8;

        [Tooltip("The share of the sound that walls give back: 0.5 a furnished room, 0.8 bare walls, 0.95 stone.")]
        [SerializeField, Range(0, 1)] float roomHardness = 0.7f;

        /// <summary>Everywhere, instead of within the box.</summary>
        public bool Everywhere { get { return everywhere; } set { everywhere = value; Sort(); } }

        /// <summary>The box, in this object's own axes and scale.</summary>
        public Vector3 Size { get { return size; } set { size = value; Sort(); } }

        /// <summary>What is heard around.</summary>
        public PlaceKind Kind { get { return kind; } set { kind = value; } }

        /// <summary>How much of it is heard, 0 to 1; null: not told.</summary>
        public float? Amount
        {
            get { return tellAmount ? amount : (float?)null; }
            set { tellAmount = value.HasValue; amount = Mathf.Clamp01(value ?? amount); }
        }

        /// <summary>Whether the place is heard at all.</summary>
        public bool Ambience { get { return ambience; } set { ambience = value; } }

        /// <summary>Tells the room: typical width in metres, 0 outdoors, and the share of the sound that walls give back.</summary>
        public void SetRoom(float sizeM, float hardness)
        {
            tellRoom = true;
            roomSizeM = sizeM;
            roomHardness = hardness;
        }

        /// <summary>Lets the picture say what room it is.</summary>
        public void ForgetRoom()
        {
            tellRoom = false;
        }

        /// <summary>Puts what all places at a point of the world say into a frame.</summary>
        internal static void Tell(SceneSpec scene, Vector3 ear)
        {
            foreach (StereoSyncPlace place in Enabled)
            {
                if (place.Holds(ear))
                {
                    place.Tell(scene);
                }
            }
        }

        float Volume
        {
            get
            {
                Vector3 scale = transform.lossyScale;
                return everywhere ? float.PositiveInfinity : Mathf.Abs(size.x * scale.x * size.y * scale.y * size.z * scale.z);
            }
        }

        bool Holds(Vector3 world)
        {
            if (everywhere)
            {
                return true;
            }
            Vector3 local = transform.InverseTransformPoint(world);
            return Mathf.Abs(local.x) <= size.x / 2 && Mathf.Abs(local.y) <= size.y / 2 && Mathf.Abs(local.z) <= size.z / 2;
        }

        void Tell(SceneSpec scene)
        {
            scene.Place = scene.Place ?? kind.Word();
            if (tellAmount && !scene.Amount.HasValue)
            {
                scene.Amount = amount;
            }
            if (tellRoom && !scene.Room.HasValue)
            {
                scene.Room = new RoomSpec(Mathf.Clamp(roomSizeM, 0, 10000), roomHardness);
            }
            scene.Ambience &= ambience;
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void ForgetLastPlay()
        {
            Enabled.Clear();
        }

        void OnEnable()
        {
            Insert();
        }

        void OnValidate()
        {
            Sort();
        }

        void Sort()
        {
            if (Enabled.Remove(this))
            {
                Insert();
            }
        }

        void Insert()
        {
            int at = 0;
            while (at < Enabled.Count && Enabled[at].Volume <= Volume)
            {
                at++;
            }
            Enabled.Insert(at, this);
        }

        void OnDisable()
        {
            Enabled.Remove(this);
        }

        void OnDrawGizmosSelected()
        {
            if (!everywhere)
            {
                Gizmos.matrix = transform.localToWorldMatrix;
                Gizmos.DrawWireCube(Vector3.zero, size);
            }
        }
    }
}
