using UnityEngine;

namespace StereoSync.Samples
{
    /// <summary>A side of the body.</summary>
    public enum Foot { Left, Right }

    /// <summary>The joints of one leg, world, metres.</summary>
    public struct Leg
    {
        public Vector3 Hip;
        public Vector3 Knee;
        public Vector3 Ankle;
    }

    /// <summary>The joints of one moment, world, metres; `Heading` and `Right` are unit vectors along the ground.</summary>
    public struct BodyPose
    {
        public Vector3 Heading;
        public Vector3 Right;
        public Vector3 Hips;
        public Vector3 Shoulders;
        public Leg LeftLeg;
        public Leg RightLeg;
        public Vector3 LeftHand;
        public Vector3 RightHand;
    }
}
