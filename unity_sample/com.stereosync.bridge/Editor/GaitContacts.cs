// When the feet of a gait come down. Main thread of the editor only.
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Contacts as the clip's events say, or else as its feet move.</summary>
    internal static class GaitContacts
    {
        /// <summary>Puts them into the gait.</summary>
        /// <exception cref="NoGaitException">A foot does not come down once.</exception>
        public static void Put(ClipGait gait, AnimationClip clip, ToldSettings settings, ClipSampler sampler)
        {
            var told = new ClipContacts(clip, settings);
            float? left = Told(told, FeetDown.Left), right = Told(told, FeetDown.Right);
            bool said = left.HasValue && right.HasValue;
            List<float>[] timesS = said ? null : sampler.ContactTimes(clip);
            gait.LeftPhase = said ? left.Value : Found(timesS, sampler, FootSide.Left) / clip.length;
            gait.RightPhase = said ? right.Value : Found(timesS, sampler, FootSide.Right) / clip.length;
        }

        /// <summary>Null where events do not say it, or say it more than once.</summary>
        static float? Told(ClipContacts contacts, FeetDown side)
        {
            float? phase = null;
            int found = 0;
            for (int i = 0; i < contacts.Count; i++)
            {
                if (contacts[i].Feet == side)
                {
                    phase = contacts[i].Share % 1;
                    found++;
                }
            }
            return found == 1 ? phase : null;
        }

        static float Found(List<float>[] timesS, ClipSampler sampler, FootSide side)
        {
            int? foot = FirstFoot(sampler, side);
            string word = side.Word();
            if (!foot.HasValue)
            {
                throw new NoGaitException("its " + word + " foot is not known: make the rig humanoid, set the feet of its StereoSync Character, or give the"
                    + " clip events");
            }
            List<float> found = timesS[foot.Value];
            if (found.Count == 0)
            {
                throw new NoGaitException("its " + word + " foot does not lift");
            }
            if (found.Count > 1)
            {
                throw new NoGaitException("its " + word + " foot comes down " + found.Count + " times: cut it to one left and one right step");
            }
            return found[0];
        }

        /// <summary>The foot of a side, of bodies on four feet the fore one; null where none is known.</summary>
        public static int? FirstFoot(ClipSampler sampler, FootSide side)
        {
            for (int foot = 0; foot < sampler.Feet; foot++)
            {
                if (sampler.Side(foot) == side)
                {
                    return foot;
                }
            }
            return null;
        }
    }
}
