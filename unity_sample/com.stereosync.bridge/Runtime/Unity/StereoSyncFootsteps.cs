// Receives animation events. Main thread only.
using UnityEngine;
using UnityEngine.Scripting;

namespace StereoSync
{
    /// <summary>
    /// Unity sends a clip's events to components beside the Animator alone, so the character puts this there. Other receivers of the same
    /// events go on receiving them.
    /// </summary>
    [AddComponentMenu("")]
    internal sealed class StereoSyncFootsteps : MonoBehaviour
    {
        const float Gate = 0.5f; // blend trees fire the events of all their clips

        /// <summary>Whose feet these are.</summary>
        internal StereoSyncCharacter Character { get; set; }

        [Preserve] // only Unity calls it, by its name
        void OnFootstep(AnimationEvent met)
        {
            Take(met);
        }

        [Preserve]
        void OnLand(AnimationEvent met)
        {
            Take(met);
        }

        void Take(AnimationEvent met)
        {
            if (met.animatorClipInfo.weight > Gate && Character != null)
            {
                Character.Take(met);
            }
        }
    }
}
