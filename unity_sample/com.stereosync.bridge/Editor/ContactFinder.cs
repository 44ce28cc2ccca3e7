// Finds when a foot comes down in a clip. Pure.
using System.Collections.Generic;

namespace StereoSync
{
    /// <summary>A foot is down when its sole is within a twentieth of its lift above its lowest place, after it was up.</summary>
    internal static class ContactFinder
    {
        const float DownShare = 0.05f, UpShare = 0.3f; // of the lift
        const float LeastLiftM = 0.02f; // less is a foot that stands

        /// <summary>The moments of contact, s from the clip's beginning.</summary>
        /// <param name="heightsM">Heights of a foot at equal steps from the clip's beginning on.</param>
        /// <param name="stepS">The step, s.</param>
        /// <param name="loops">Whether the first height follows the last.</param>
        public static List<float> Find(float[] heightsM, float stepS, bool loops)
        {
            var moments = new List<float>();
            int highest = IndexOfHighest(heightsM);
            float floorM = Lowest(heightsM), liftM = heightsM[highest] - floorM;
            if (liftM < LeastLiftM)
            {
                return moments;
            }
            float downM = floorM + DownShare * liftM, upM = floorM + UpShare * liftM;
            int first = loops ? highest : 0; // where a loop is surely up
            bool up = heightsM[first] >= upM;
            for (int i = first + 1; i < first + heightsM.Length + (loops ? 1 : 0); i++)
            {
                float before = heightsM[(i - 1) % heightsM.Length], now = heightsM[i % heightsM.Length];
                if (up && now <= downM)
                {
                    float share = (before - downM) / (before - now);
                    moments.Add((i - 1 + share) % heightsM.Length * stepS);
                    up = false;
                }
                up |= now >= upM;
            }
            moments.Sort();
            return moments;
        }

        static int IndexOfHighest(float[] heightsM)
        {
            int highest = 0;
            for (int i = 1; i < heightsM.Length; i++)
            {
                highest = heightsM[i] > heightsM[highest] ? i : highest;
            }
            return highest;
        }

        static float Lowest(float[] heightsM)
        {
            float lowest = heightsM[0];
            foreach (float heightM in heightsM)
            {
                lowest = heightM < lowest ? heightM : lowest;
            }
            return lowest;
        }
    }
}
