// What lies under a point. Main thread only; nothing is allocated.
using UnityEngine;

namespace StereoSync
{
    /// <summary>One ray down, past the colliders of the body itself.</summary>
    internal static class GroundRay
    {
        const float FromAboveM = 0.4f; // a foot may be under the ground that it stands on
        const float LengthM = 1.2f;
        const int MostHits = 8;

        static readonly RaycastHit[] Hits = new RaycastHit[MostHits];

        /// <summary>The word for the ground below a point; null where there is none, or none that says anything.</summary>
        /// <param name="body">What belongs to it is never its ground.</param>
        public static string Below(Vector3 point, Transform body, LayerMask layers)
        {
            Vector3 from = point + Vector3.up * FromAboveM;
            int count = Physics.RaycastNonAlloc(from, Vector3.down, Hits, LengthM, layers, QueryTriggerInteraction.Ignore);
            int nearest = -1;
            for (int i = 0; i < count; i++)
            {
                bool nearer = nearest < 0 || Hits[i].distance < Hits[nearest].distance;
                if (nearer && !Hits[i].collider.transform.IsChildOf(body))
                {
                    nearest = i;
                }
            }
            return nearest < 0 ? null : GroundNames.Of(Hits[nearest].collider, Hits[nearest].point);
        }
    }
}
