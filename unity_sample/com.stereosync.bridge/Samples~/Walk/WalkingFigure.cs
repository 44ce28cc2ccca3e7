using UnityEngine;

namespace StereoSync.Samples
{
    /// <summary>A body of capsules, boxes and a ball that walks round an ellipse.</summary>
    [AddComponentMenu("StereoSync/Samples/Walking Figure")]
    public sealed class WalkingFigure : MonoBehaviour
    {
        const float LimbM = 0.11f;
        const float SoleM = 0.26f;
        const float MostAheadS = 0.4f;

        [Tooltip("Metres per second. 1.2 is a calm walk.")]
        [SerializeField, Range(0.3f, 2f)] float speedMPerS = 1.2f;
        [Tooltip("Middle of the round on the ground.")]
        [SerializeField] Vector3 centre = new Vector3(0f, 0f, 6f);
        [Tooltip("Half the width of the round, left to right, metres.")]
        [SerializeField] float halfWidthM = 3f;
        [Tooltip("Half the depth of the round, near to far, metres.")]
        [SerializeField] float halfDepthM = 2.5f;

        Gait _gait;
        float _walkedM;
        StereoSyncCharacter _character;
        Transform _head, _trunk;
        Transform _leftThigh, _leftShin, _leftShoe, _leftArm;
        Transform _rightThigh, _rightShin, _rightShoe, _rightArm;

        void Awake()
        {
            _gait = new Gait(new WalkPath(centre, halfWidthM, halfDepthM));
            Build(new Color(0.75f, 0.3f, 0.2f), new Color(0.15f, 0.2f, 0.35f), new Color(0.9f, 0.75f, 0.6f));
            Show(_gait.At(0f));
        }

        void Update()
        {
            _walkedM += speedMPerS * Time.deltaTime;
            Show(_gait.At(_walkedM));
            TellContact(Foot.Left, FootSide.Left);
            TellContact(Foot.Right, FootSide.Right);
        }

        /// <summary>Tells a character of the feet, and of each contact before it comes.</summary>
        public void Tell(StereoSyncCharacter character)
        {
            _character = character;
            character.SetFeet(_leftShoe, _rightShoe);
        }

        void TellContact(Foot foot, FootSide side)
        {
            float inS = Gait.ToContactM(foot, _walkedM) / speedMPerS;
            if (_character != null && inS <= MostAheadS)
            {
                _character.TellContact(side, inS);
            }
        }

        void Build(Color coat, Color trousers, Color skin)
        {
            _trunk = Part("Trunk", PrimitiveType.Capsule, coat);
            _head = Part("Head", PrimitiveType.Sphere, skin);
            _leftThigh = Part("Left thigh", PrimitiveType.Capsule, trousers);
            _leftShin = Part("Left shin", PrimitiveType.Capsule, trousers);
            _leftShoe = Part("Left shoe", PrimitiveType.Cube, Color.black);
            _leftArm = Part("Left arm", PrimitiveType.Capsule, coat);
            _rightThigh = Part("Right thigh", PrimitiveType.Capsule, trousers);
            _rightShin = Part("Right shin", PrimitiveType.Capsule, trousers);
            _rightShoe = Part("Right shoe", PrimitiveType.Cube, Color.black);
            _rightArm = Part("Right arm", PrimitiveType.Capsule, coat);
        }

        Transform Part(string partName, PrimitiveType type, Color color)
        {
            return Primitives.Make(partName, type, color, transform).transform;
        }

        void Show(BodyPose pose)
        {
            Stretch(_trunk, pose.Hips, pose.Shoulders, 0.34f);
            _head.position = pose.Shoulders + Vector3.up * 0.22f;
            _head.localScale = Vector3.one * 0.22f;
            ShowLeg(pose.LeftLeg, pose.Heading, _leftThigh, _leftShin, _leftShoe);
            ShowLeg(pose.RightLeg, pose.Heading, _rightThigh, _rightShin, _rightShoe);
            Stretch(_leftArm, pose.Shoulders - pose.Right * 0.2f, pose.LeftHand, 0.09f);
            Stretch(_rightArm, pose.Shoulders + pose.Right * 0.2f, pose.RightHand, 0.09f);
        }

        static void ShowLeg(Leg leg, Vector3 heading, Transform thigh, Transform shin, Transform shoe)
        {
            Stretch(thigh, leg.Hip, leg.Knee, LimbM * 1.2f);
            Stretch(shin, leg.Knee, leg.Ankle, LimbM);
            Vector3 sole = leg.Ankle - Vector3.up * (Gait.AnkleM / 2f) + heading * 0.06f;
            shoe.SetPositionAndRotation(sole, Quaternion.LookRotation(heading));
            shoe.localScale = new Vector3(0.1f, Gait.AnkleM, SoleM);
        }

        /// <summary>A capsule of Unity's is 2 high and 1 thick.</summary>
        static void Stretch(Transform limb, Vector3 from, Vector3 to, float thickM)
        {
            Vector3 span = to - from;
            limb.SetPositionAndRotation(from + span * 0.5f, Quaternion.FromToRotation(Vector3.up, span));
            limb.localScale = new Vector3(thickM, span.magnitude / 2f, thickM);
        }
    }
}
