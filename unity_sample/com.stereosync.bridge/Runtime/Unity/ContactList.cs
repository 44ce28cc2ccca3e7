// Contacts of one character, on the game's time. Main thread only; nothing is allocated after it was made.
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>A foot that comes down.</summary>
    internal struct TimedContact
    {
        /// <summary>The side.</summary>
        public FootSide Side;

        /// <summary>When, s of the game's time.</summary>
        public double TimeS;

        /// <summary>How hard, 0 to 1; null if not known.</summary>
        public float? Strength;

        /// <summary>On what; null if not known.</summary>
        public string Surface;
    }

    /// <summary>The newest word for each contact; of more than a frame may tell, the oldest goes.</summary>
    internal sealed class ContactList
    {
        /// <summary>How far before a frame a contact may lie, s.</summary>
        public const double BackS = 0.1;

        /// <summary>How far ahead of a frame a contact may lie, s.</summary>
        public const double AheadS = 0.5;

        const double SameS = 0.12; // a foot does not come down twice in this time

        readonly TimedContact[] _contacts = new TimedContact[BoxSpec.MaxContacts];

        /// <summary>Contacts held.</summary>
        public int Count { get; private set; }

        /// <summary>One of them.</summary>
        public TimedContact this[int index] { get { return _contacts[index]; } }

        /// <summary>Forgets all.</summary>
        public void Clear()
        {
            Count = 0;
        }

        /// <summary>Takes a contact, in place of an earlier word for the same one.</summary>
        public void Add(TimedContact contact)
        {
            int place = Count;
            for (int i = Count - 1; i >= 0; i--)
            {
                bool same = _contacts[i].Side == contact.Side && System.Math.Abs(_contacts[i].TimeS - contact.TimeS) <= SameS;
                place = same ? i : place;
            }
            if (place == _contacts.Length)
            {
                RemoveAt(Oldest());
                place = Count;
            }
            _contacts[place] = contact;
            Count = place == Count ? Count + 1 : Count;
        }

        /// <summary>Forgets what lies before a time.</summary>
        public void DropBefore(double timeS)
        {
            for (int i = Count - 1; i >= 0; i--)
            {
                if (_contacts[i].TimeS < timeS)
                {
                    RemoveAt(i);
                }
            }
        }

        void RemoveAt(int index)
        {
            Count--;
            _contacts[index] = _contacts[Count];
        }

        int Oldest()
        {
            int oldest = 0;
            for (int i = 1; i < Count; i++)
            {
                oldest = _contacts[i].TimeS < _contacts[oldest].TimeS ? i : oldest;
            }
            return oldest;
        }
    }
}
