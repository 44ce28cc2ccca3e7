// When feet come down in a clip. Main thread only; made once per clip, for Unity copies a clip's events whenever it is asked.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>The contacts of a clip, from its events or from an asset beside it.</summary>
    internal sealed class ClipContacts
    {
        const float SameShare = 0.002f;

        /// <summary>One of them.</summary>
        public struct Moment
        {
            /// <summary>When, as a share of the clip, 0 to 1.</summary>
            public float Share;

            /// <summary>Which feet, as far as known.</summary>
            public FeetDown Feet;

            /// <summary>Whether the side is learned whenever the event is met, for no word says it.</summary>
            public bool Learns;

            /// <summary>How hard; null if not known.</summary>
            public float? Strength;
        }

        readonly List<Moment> _moments = new List<Moment>();

        /// <param name="clip">A clip of some length.</param>
        public ClipContacts(AnimationClip clip, ToldSettings settings)
        {
            foreach (AnimationEvent moment in clip.events)
            {
                if (Array.IndexOf(settings.eventNames, moment.functionName) >= 0)
                {
                    Add(moment.time / clip.length, FootEvents.FeetOf(moment), FootEvents.StrengthOf(moment));
                }
            }
            if (_moments.Count == 0 && settings.besideClips != null)
            {
                AddBeside(settings.besideClips.Of(clip), clip.length);
            }
        }

        void AddBeside(List<ContactMoment> moments, float lengthS)
        {
            for (int i = 0; moments != null && i < moments.Count; i++)
            {
                Add(moments[i].timeS / lengthS, FootEvents.Of(moments[i].side), null);
            }
        }

        void Add(float share, FeetDown feet, float? strength)
        {
            _moments.Add(new Moment { Share = share, Feet = feet, Learns = feet == FeetDown.One, Strength = strength });
        }

        /// <summary>How many there are.</summary>
        public int Count { get { return _moments.Count; } }

        /// <summary>One of them.</summary>
        public Moment this[int index] { get { return _moments[index]; } }

        /// <summary>The event at this share of the clip was met, and it was that foot.</summary>
        public void Learn(float share, FootSide side)
        {
            for (int i = 0; i < _moments.Count; i++)
            {
                Moment moment = _moments[i];
                if (moment.Learns && Math.Abs(moment.Share - share) < SameShare)
                {
                    moment.Feet = FootEvents.Of(side);
                    _moments[i] = moment;
                }
            }
        }
    }
}
