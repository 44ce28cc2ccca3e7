// Contacts that the playing clip will bring. Main thread only; nothing is allocated once a clip is known.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Looks up to half a second ahead in the clip that plays, as long as no transition is under way.</summary>
    internal sealed class ContactsAhead
    {
        const float Gate = 0.5f; // blend trees play several clips at once; the events of one of them count
        const double MostLateS = 0.1;

        readonly ToldSettings _settings;
        readonly Animator _animator;
        readonly Dictionary<AnimationClip, ClipContacts> _known = new Dictionary<AnimationClip, ClipContacts>();
        readonly List<AnimatorClipInfo> _playing = new List<AnimatorClipInfo>();
        readonly CycleMeter _meter = new CycleMeter();

        public ContactsAhead(ToldSettings settings, Animator animator)
        {
            _settings = settings;
            _animator = animator;
        }

        /// <summary>Adds the contacts of the next half second.</summary>
        /// <param name="nowS">The game's time, s.</param>
        public void Gather(double nowS, ContactList into)
        {
            int layer = _settings.animatorLayer;
            if (!_animator.isActiveAndEnabled || _animator.runtimeAnimatorController == null || layer >= _animator.layerCount)
            {
                return;
            }
            AnimatorStateInfo state = _animator.GetCurrentAnimatorStateInfo(layer);
            _animator.GetCurrentAnimatorClipInfo(layer, _playing);
            double cyclesPerS = _meter.Of(state.fullPathHash, state.normalizedTime, nowS, Guess(state));
            if (_animator.IsInTransition(layer) || cyclesPerS <= 0)
            {
                return;
            }
            foreach (AnimatorClipInfo playing in _playing)
            {
                if (playing.weight > Gate && playing.clip.length > 0)
                {
                    Gather(Contacts(playing.clip), state, cyclesPerS, nowS, into);
                }
            }
        }

        double Guess(AnimatorStateInfo state)
        {
            double lengthS = 0;
            foreach (AnimatorClipInfo playing in _playing)
            {
                lengthS += playing.weight * playing.clip.length;
            }
            return lengthS > 0 ? state.speed * state.speedMultiplier * _animator.speed / lengthS : 0;
        }

        static void Gather(ClipContacts contacts, AnimatorStateInfo state, double cyclesPerS, double nowS, ContactList into)
        {
            double share = state.loop ? state.normalizedTime - Math.Floor(state.normalizedTime) : state.normalizedTime;
            for (int i = 0; i < contacts.Count; i++)
            {
                double cycles = contacts[i].Share - share;
                cycles += cycles <= 0 && state.loop ? 1 : 0;
                double aheadS = cycles / cyclesPerS;
                if (aheadS > 0 && aheadS <= ContactList.AheadS)
                {
                    Add(contacts[i], nowS + aheadS, into);
                }
            }
        }

        static void Add(ClipContacts.Moment moment, double timeS, ContactList into)
        {
            if (moment.Feet == FeetDown.Left || moment.Feet == FeetDown.Both)
            {
                into.Add(new TimedContact { Side = FootSide.Left, TimeS = timeS, Strength = moment.Strength });
            }
            if (moment.Feet == FeetDown.Right || moment.Feet == FeetDown.Both)
            {
                into.Add(new TimedContact { Side = FootSide.Right, TimeS = timeS, Strength = moment.Strength });
            }
        }

        ClipContacts Contacts(AnimationClip clip)
        {
            ClipContacts contacts;
            if (!_known.TryGetValue(clip, out contacts))
            {
                contacts = new ClipContacts(clip, _settings);
                _known.Add(clip, contacts);
            }
            return contacts;
        }

        /// <summary>Remembers which foot an event meant, so that it can be told ahead from the next round on.</summary>
        public void Learn(AnimationEvent met, FootSide side)
        {
            AnimationClip clip = met.animatorClipInfo.clip;
            if (clip != null && clip.length > 0)
            {
                Contacts(clip).Learn(met.time / clip.length, side);
            }
        }

        /// <summary>How long ago an event that is met now was due, s: events come with the first frame after their moment.</summary>
        public static double LateS(AnimationEvent met)
        {
            AnimationClip clip = met.animatorClipInfo.clip;
            AnimatorStateInfo state = met.animatorStateInfo;
            double speed = state.speed * state.speedMultiplier;
            if (clip == null || clip.length <= 0 || speed <= 0)
            {
                return 0;
            }
            double cycles = state.normalizedTime - met.time / clip.length;
            double lateS = (cycles - Math.Floor(cycles)) * clip.length / speed;
            return lateS <= MostLateS ? lateS : 0;
        }
    }
}
