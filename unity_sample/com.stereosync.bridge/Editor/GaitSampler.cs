// Makes gaits of clips. Main thread of the editor only.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>A clip's turn as points of the body, put back on the spot.</summary>
    internal static class GaitSampler
    {
        const float FrameRateHz = 60;
        const int FewestFrames = 8, MostPoints = 300;
        const float NearlyAll = 0.999f; // at its very end a clip may begin anew
        const float LeastWayM = 0.02f; // less is how the body sways
        const float MostGapShare = 0.1f; // of the height

        /// <summary>The gait.</summary>
        /// <param name="areBones">Whether nothing of the body is drawn, so that its bones stand for it.</param>
        /// <exception cref="NoGaitException">The clip is none.</exception>
        public static ClipGait Of(GameObject character, ToldSettings settings, AnimationClip clip, out bool areBones)
        {
            if (!clip.isLooping || clip.length <= 0)
            {
                throw new NoGaitException("it does not loop");
            }
            var gait = new ClipGait { Name = clip.name, PeriodS = clip.length };
            using (var sampler = new ClipSampler(character, settings)) // a new one, for a clip leaves alone what it does not move
            using (var body = new BodyPoints(sampler.Copy))
            {
                GaitContacts.Put(gait, clip, settings, sampler);
                areBones = body.AreBones;
                PutPoints(gait, clip, sampler, body);
            }
            return gait;
        }

        static void PutPoints(ClipGait gait, AnimationClip clip, ClipSampler sampler, BodyPoints body)
        {
            sampler.Pose(clip, 0);
            List<Vector3> all = body.Read();
            List<int> chosen = EvenPoints.Choose(all, MostPoints);
            int? left = GaitContacts.FirstFoot(sampler, FootSide.Left), right = GaitContacts.FirstFoot(sampler, FootSide.Right);
            bool haveFeet = left.HasValue && right.HasValue;
            int[] feet = haveFeet ? new[] { left.Value, right.Value } : new int[0];
            gait.LeftFoot = haveFeet ? chosen.Count : (int?)null;
            gait.RightFoot = haveFeet ? chosen.Count + 1 : (int?)null;
            Vector3 way = Way(all, clip, sampler, body);
            gait.WayM = way.z;
            int frames = Math.Max(FewestFrames, (int)Math.Round(clip.length * FrameRateHz));
            for (int frame = 0; frame < frames; frame++)
            {
                float share = frame / (float)frames;
                sampler.Pose(clip, share * clip.length);
                gait.FramesM.Add(Points(body.Read(), chosen, feet, sampler, share * way));
            }
        }

        static Vector3[] Points(List<Vector3> all, List<int> chosen, int[] feet, ClipSampler sampler, Vector3 gone)
        {
            List<Vector3> points = chosen.ConvertAll(i => all[i] - gone);
            points.AddRange(Array.ConvertAll(feet, foot => sampler.Place(foot) - gone));
            return points.ToArray();
        }

        /// <summary>How far the clip itself carries the body over the ground.</summary>
        static Vector3 Way(List<Vector3> first, AnimationClip clip, ClipSampler sampler, BodyPoints body)
        {
            sampler.Pose(clip, NearlyAll * clip.length);
            List<Vector3> last = body.Read();
            Vector3 moved = (Middle(last) - Middle(first)) / NearlyAll;
            Vector3 way = new Vector3(moved.x, 0, moved.z);
            way = way.magnitude < LeastWayM ? Vector3.zero : way;
            if (Mathf.Abs(way.x) > Mathf.Abs(way.z))
            {
                throw new NoGaitException("it goes sideways, and a gait goes ahead or back");
            }
            if (LargestGap(first, last, way) > MostGapShare * Height(first))
            {
                throw new NoGaitException("it does not end as it begins");
            }
            return way;
        }

        static float LargestGap(List<Vector3> first, List<Vector3> last, Vector3 way)
        {
            float largest = 0;
            for (int i = 0; i < first.Count; i++)
            {
                largest = Mathf.Max(largest, (last[i] - first[i] - way).magnitude);
            }
            return largest;
        }

        static Vector3 Middle(List<Vector3> points)
        {
            Vector3 sum = Vector3.zero;
            foreach (Vector3 point in points)
            {
                sum += point;
            }
            return sum / Math.Max(1, points.Count);
        }

        static float Height(List<Vector3> points)
        {
            float low = float.PositiveInfinity, high = float.NegativeInfinity;
            foreach (Vector3 point in points)
            {
                low = Mathf.Min(low, point.y);
                high = Mathf.Max(high, point.y);
            }
            return high - low;
        }
    }
}
