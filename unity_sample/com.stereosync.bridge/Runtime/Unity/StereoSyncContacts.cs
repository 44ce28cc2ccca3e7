// Contacts of clips, as an asset beside them. Plain data.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>A foot that comes down in a clip.</summary>
    [Serializable]
    public struct ContactMoment
    {
        [Tooltip("Seconds from the clip's beginning.")]
        public float timeS;

        public FootSide side;
    }

    /// <summary>The contacts of one clip.</summary>
    [Serializable]
    public sealed class ContactsOfClip
    {
        public AnimationClip clip;
        public List<ContactMoment> moments = new List<ContactMoment>();
    }

    /// <summary>
    /// Contacts of clips that cannot hold events of their own, as those within imported models. The tool Find Contacts writes it.
    /// </summary>
    public sealed class StereoSyncContacts : ScriptableObject
    {
        public List<ContactsOfClip> clips = new List<ContactsOfClip>();

        /// <summary>The contacts of a clip; null where it has none here.</summary>
        public List<ContactMoment> Of(AnimationClip clip)
        {
            foreach (ContactsOfClip entry in clips)
            {
                if (entry.clip == clip)
                {
                    return entry.moments;
                }
            }
            return null;
        }
    }
}
