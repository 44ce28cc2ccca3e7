// What a frame told, for the overlay. Plain data.
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>What was told of a character.</summary>
    internal struct ToldNote
    {
        /// <summary>Feet and contacts told.</summary>
        public readonly int Feet, Contacts;

        /// <summary>A word that was told for its ground; null if none was.</summary>
        public readonly string Surface;

        public ToldNote(BoxSpec box)
        {
            Feet = box.Feet.Count;
            Contacts = box.Contacts.Count;
            string surface = string.IsNullOrEmpty(box.Surface) ? null : box.Surface;
            for (int i = 0; i < box.Feet.Count; i++)
            {
                surface = surface ?? box.Feet[i].Surface;
            }
            Surface = surface;
        }
    }

    /// <summary>What was told of the place.</summary>
    internal struct PlaceNote
    {
        /// <summary>Its word, empty for a quiet place; null if not told.</summary>
        public string Place;

        /// <summary>Its room; null if not told.</summary>
        public RoomSpec? Room;

        /// <summary>Whether the game has an ambience of its own.</summary>
        public bool OwnAmbience;

        public PlaceNote(SceneSpec scene)
        {
            Place = scene.Place;
            Room = scene.Room;
            OwnAmbience = !scene.Ambience;
        }

        /// <summary>Whether anything was told.</summary>
        public bool Any { get { return Place != null || Room.HasValue || OwnAmbience; } }
    }
}
