// The walking figure: do stance feet stand still, do feet reach the ground and stay above it, are the bones of one length.
using System;
using StereoSync.Samples;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class GaitCheck
    {
        const float StepM = 0.002f;
        const int Steps = 30000;

        public static void Run()
        {
            var path = new WalkPath(new Vector3(0, 0, 6), 3, 2.5f);
            var gait = new Gait(path);
            Program.Say("length_m", path.LengthM);
            float least = 1, most = 0;
            for (int i = 0; i < 3000; i++)
            {
                float moved = Vector3.Distance(path.At(i * 0.01f), path.At((i + 1) * 0.01f));
                least = Math.Min(least, moved);
                most = Math.Max(most, moved);
            }
            Program.Say("moved_m", least, most);
            Foot(gait, StereoSync.Samples.Foot.Left, p => p.LeftLeg);
            Foot(gait, StereoSync.Samples.Foot.Right, p => p.RightLeg);
            Body(gait);
        }

        static void Foot(Gait gait, Foot foot, Func<BodyPose, Leg> leg)
        {
            Vector3 before = leg(gait.At(0)).Ankle;
            float slide = 0, lowest = 1, highest = 0;
            bool stood = true;
            for (int i = 1; i < Steps; i++)
            {
                Vector3 ankle = leg(gait.At(i * StepM)).Ankle;
                bool stands = ankle.y <= Gait.AnkleM + 1e-6f;
                if (stands && stood) slide = Math.Max(slide, Vector3.Distance(ankle, before));
                if (stands && !stood) Program.Say("contact_" + foot, i * StepM);
                lowest = Math.Min(lowest, ankle.y);
                highest = Math.Max(highest, ankle.y);
                stood = stands;
                before = ankle;
            }
            for (int n = 0; n < 5; n++) Program.Say("said_" + foot, Gait.ContactM(foot, n));
            Program.Say("slide_m_" + foot, slide);
            Program.Say("ankle_m_" + foot, lowest, highest);
        }

        static void Body(Gait gait)
        {
            float bone = 0, jump = 0, left = 9, right = -9, near = 99, far = -99, forward = 1;
            BodyPose before = gait.At(0);
            for (int i = 1; i < Steps; i++)
            {
                BodyPose pose = gait.At(i * StepM);
                foreach (Leg leg in new[] { pose.LeftLeg, pose.RightLeg })
                {
                    bone = Math.Max(bone, Math.Abs(Vector3.Distance(leg.Hip, leg.Knee) - Gait.BoneM));
                    bone = Math.Max(bone, Math.Abs(Vector3.Distance(leg.Knee, leg.Ankle) - Gait.BoneM));
                    Vector3 middle = (leg.Hip + leg.Ankle) * 0.5f;
                    forward = Math.Min(forward, Vector3.Dot(leg.Knee - middle, pose.Heading));
                }
                jump = Math.Max(jump, Vector3.Distance(pose.LeftLeg.Knee, before.LeftLeg.Knee));
                left = Math.Min(left, pose.Hips.x);
                right = Math.Max(right, pose.Hips.x);
                near = Math.Min(near, pose.Hips.z);
                far = Math.Max(far, pose.Hips.z);
                before = pose;
            }
            Program.Say("bone_error_m", bone);
            Program.Say("knee_jump_m", jump);
            Program.Say("knee_forward_m", forward);
            Program.Say("round_m", left, right, near, far);
        }
    }
}
