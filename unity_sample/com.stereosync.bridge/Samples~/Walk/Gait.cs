using UnityEngine;

namespace StereoSync.Samples
{
    /// <summary>
    /// A walk along a path as a pure function of the distance walked. Each foot stands on one spot of the ground until it is lifted, and
    /// comes down on the next spot with no speed left: that moment is the contact. Knees follow by two-bone inverse kinematics.
    /// </summary>
    public sealed class Gait
    {
        /// <summary>From a contact of a foot to the next contact of the same foot, metres.</summary>
        public const float StrideM = 1.3f;
        /// <summary>The share of a stride for which a foot stands.</summary>
        public const float StanceShare = 0.6f;
        /// <summary>Hip to knee, and knee to ankle, metres.</summary>
        public const float BoneM = 0.46f;
        /// <summary>Height of the ankle above the ground while the foot stands, metres.</summary>
        public const float AnkleM = 0.09f;

        const float HipsM = 0.88f;
        const float BobM = 0.015f;
        const float LiftM = 0.11f;
        const float HalfHipsM = 0.1f;
        const float HalfShouldersM = 0.2f;
        const float ShouldersM = 0.5f;
        const float SwingM = 0.24f;

        readonly WalkPath _path;

        public Gait(WalkPath path)
        {
            _path = path;
        }

        /// <summary>The body when its hips have come this many metres along the path.</summary>
        public BodyPose At(float distanceM)
        {
            var pose = new BodyPose { Heading = _path.Heading(distanceM) };
            pose.Right = Vector3.Cross(Vector3.up, pose.Heading);
            float bob = BobM * Mathf.Cos(4f * Mathf.PI * (distanceM / StrideM - StanceShare / 2f));
            pose.Hips = _path.At(distanceM) + Vector3.up * (HipsM + bob);
            pose.Shoulders = pose.Hips + Vector3.up * ShouldersM;
            pose.LeftLeg = Leg(pose, distanceM, Foot.Left);
            pose.RightLeg = Leg(pose, distanceM, Foot.Right);
            pose.LeftHand = Hand(pose, distanceM, Foot.Left);
            pose.RightHand = Hand(pose, distanceM, Foot.Right);
            return pose;
        }

        /// <summary>Distance walked at the n-th contact of a foot, metres.</summary>
        public static float ContactM(Foot foot, int n)
        {
            return (n + Shift(foot)) * StrideM;
        }

        /// <summary>From a distance walked to the foot's next contact, metres.</summary>
        public static float ToContactM(Foot foot, float walkedM)
        {
            float strides = walkedM / StrideM - Shift(foot);
            return (Mathf.Floor(strides) + 1f - strides) * StrideM;
        }

        static float Shift(Foot foot)
        {
            return foot == Foot.Left ? 0f : 0.5f;
        }

        static float Side(Foot foot)
        {
            return foot == Foot.Left ? -1f : 1f;
        }

        Leg Leg(BodyPose pose, float distanceM, Foot foot)
        {
            Vector3 hip = pose.Hips + pose.Right * (Side(foot) * HalfHipsM);
            Vector3 ankle = Ankle(distanceM, foot);
            return new Leg { Hip = hip, Knee = Knee(hip, ankle, pose.Heading), Ankle = ankle };
        }

        Vector3 Ankle(float distanceM, Foot foot)
        {
            float strides = distanceM / StrideM - Shift(foot);
            int n = Mathf.FloorToInt(strides);
            float share = strides - n;
            if (share < StanceShare)
            {
                return Foothold(n, foot);
            }
            float swing = (share - StanceShare) / (1f - StanceShare);
            Vector3 above = Vector3.up * (LiftM * Bump(swing));
            return Vector3.Lerp(Foothold(n, foot), Foothold(n + 1, foot), Mathf.SmoothStep(0f, 1f, swing)) + above;
        }

        /// <summary>0 at both ends and without slope there, 1 in the middle.</summary>
        static float Bump(float share)
        {
            float sine = Mathf.Sin(Mathf.PI * share);
            return sine * sine;
        }

        /// <summary>Where the ankle stands from its n-th contact on: beside where the hips pass in the middle of the stance.</summary>
        Vector3 Foothold(int n, Foot foot)
        {
            float passedM = ContactM(foot, n) + StanceShare / 2f * StrideM;
            Vector3 right = Vector3.Cross(Vector3.up, _path.Heading(passedM));
            return _path.At(passedM) + right * (Side(foot) * HalfHipsM) + Vector3.up * AnkleM;
        }

        static Vector3 Knee(Vector3 hip, Vector3 ankle, Vector3 heading)
        {
            Vector3 span = ankle - hip;
            float half = Mathf.Min(span.magnitude / 2f, BoneM);
            Vector3 axis = span.normalized;
            Vector3 bend = (heading - axis * Vector3.Dot(heading, axis)).normalized;
            return hip + axis * half + bend * Mathf.Sqrt(BoneM * BoneM - half * half);
        }

        /// <summary>A hand swings against the leg of its own side.</summary>
        static Vector3 Hand(BodyPose pose, float distanceM, Foot foot)
        {
            float swing = Mathf.Cos(2f * Mathf.PI * (distanceM / StrideM - Shift(foot)));
            Vector3 shoulder = pose.Shoulders + pose.Right * (Side(foot) * HalfShouldersM);
            return shoulder - Vector3.up * 0.56f - pose.Heading * (SwingM * swing);
        }
    }
}
