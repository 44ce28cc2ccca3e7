// All that a character tells, put into its box. Main thread only; nothing is allocated per frame.
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Feet, what is under them, and when they come down.</summary>
    internal sealed class CharacterTold
    {
        const double SlowestTime = 0.01;

        readonly ToldSettings _settings;
        readonly Transform _body;
        readonly CharacterFeet _feet;
        readonly ContactsAhead _ahead; // null where there is no Animator
        readonly ContactList _met = new ContactList(), _all = new ContactList();
        FootSide _lastSide = FootSide.Right;

        /// <param name="animator">Null where there is none.</param>
        public CharacterTold(ToldSettings settings, Transform body, Animator animator)
        {
            _settings = settings;
            _body = body;
            _feet = new CharacterFeet(settings, animator);
            _ahead = animator == null ? null : new ContactsAhead(settings, animator);
        }

        /// <summary>Puts what is known at the moment of a frame into its box.</summary>
        /// <param name="surface">The game's own word for the ground, which replaces what rays find; null or empty for none.</param>
        /// <param name="captureS">The frame's time on the client's clock, s.</param>
        public void Tell(BoxSpec box, string surface, double captureS)
        {
            double nowS = Time.timeAsDouble;
            bool rays = _settings.ground && string.IsNullOrEmpty(surface);
            box.Surface = surface;
            if (_settings.feet)
            {
                _feet.Read(nowS);
                TellFeet(box, rays);
            }
            if (rays && box.Feet.Count == 0)
            {
                box.Surface = GroundRay.Below(_body.position, _body, _settings.groundLayers);
            }
            if (_settings.contacts)
            {
                TellContacts(box, nowS, captureS);
            }
        }

        void TellFeet(BoxSpec box, bool rays)
        {
            for (int i = 0; i < _feet.Count; i++)
            {
                Vector3 place = _feet.Place(i);
                string surface = rays ? GroundRay.Below(place, _body, _settings.groundLayers) : null;
                box.Feet.Add(new FootSpec { Side = _feet.Side(i).Word(), XM = place.x, YM = place.y, ZM = place.z, Surface = surface });
            }
        }

        void TellContacts(BoxSpec box, double nowS, double captureS)
        {
            _all.Clear();
            if (_ahead != null)
            {
                _ahead.Gather(nowS, _all);
            }
            _met.DropBefore(nowS - ContactList.BackS);
            for (int i = 0; i < _met.Count; i++)
            {
                _all.Add(_met[i]); // after those ahead, for what was met is certain
            }
            double scale = System.Math.Max(SlowestTime, Time.timeScale);
            for (int i = 0; i < _all.Count; i++)
            {
                double aheadS = (_all[i].TimeS - nowS) / scale;
                if (aheadS <= ContactList.AheadS && aheadS >= -ContactList.BackS)
                {
                    box.Contacts.Add(ToWire(_all[i], captureS + aheadS));
                }
            }
        }

        static ContactSpec ToWire(TimedContact contact, double clientS)
        {
            return new ContactSpec { Side = contact.Side.Word(), TimeClientS = clientS, Strength = contact.Strength, Surface = contact.Surface };
        }

        /// <summary>Takes a contact that the game itself tells.</summary>
        public void Take(TimedContact contact)
        {
            _met.DropBefore(Time.timeAsDouble - ContactList.BackS);
            _met.Add(contact);
            _lastSide = contact.Side;
        }

        /// <summary>Takes an event of an animation that plays now.</summary>
        public void Take(AnimationEvent met)
        {
            FeetDown feet = FootEvents.FeetOf(met);
            double timeS = Time.timeAsDouble - ContactsAhead.LateS(met);
            float? strength = FootEvents.StrengthOf(met);
            if (feet == FeetDown.One)
            {
                FootSide side = _feet.Swung() ?? _lastSide.Other();
                feet = FootEvents.Of(side);
                if (_ahead != null)
                {
                    _ahead.Learn(met, side);
                }
            }
            if (feet != FeetDown.Right)
            {
                Take(new TimedContact { Side = FootSide.Left, TimeS = timeS, Strength = strength });
            }
            if (feet != FeetDown.Left)
            {
                Take(new TimedContact { Side = FootSide.Right, TimeS = timeS, Strength = strength });
            }
        }
    }
}
