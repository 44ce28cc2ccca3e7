// The overlay's words for what is told and what is seen. Pure functions.
using System.Collections.Generic;
using System.Globalization;
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>What a frame tells, and what the service says it goes by.</summary>
    internal static class ToldText
    {
        static readonly string[] Things = { "feet", "contacts", "surface", "scene" };

        /// <summary>A character, e.g. <c>feet, gravel - told</c>.</summary>
        public static string Of(ToldNote note)
        {
            var told = new List<string>();
            AddIf(told, note.Feet > 0, "feet");
            AddIf(told, note.Contacts > 0, "contacts");
            AddIf(told, note.Surface != null, note.Surface);
            return told.Count == 0 ? "seen" : string.Join(", ", told.ToArray()) + " - told";
        }

        /// <summary>The place; empty where nothing is told.</summary>
        public static string Place(PlaceNote note)
        {
            var told = new List<string>();
            AddIf(told, note.Place != null, note.Place == "" ? "quiet" : note.Place);
            AddIf(told, note.Room.HasValue, note.Room.HasValue ? RoomText(note.Room.Value) : "");
            AddIf(told, note.OwnAmbience, "no ambience");
            return told.Count == 0 ? "" : "place: " + string.Join(", ", told.ToArray()) + " - told";
        }

        static string RoomText(RoomSpec room)
        {
            return room.SizeM <= 0 ? "outdoors"
                : string.Format(CultureInfo.InvariantCulture, "room {0:0.#} m of hardness {1:0.00}", room.SizeM, room.Hardness);
        }

        /// <summary>What the service goes by, as its counters say; empty where it does not say.</summary>
        public static string Heard(BridgeStatus status)
        {
            var words = new List<string>();
            foreach (string thing in Things)
            {
                double flag;
                bool known = status.Stats.TryGetValue("told_" + thing, out flag);
                AddIf(words, known, thing + (flag > 0 ? " told" : " seen"));
            }
            return words.Count == 0 ? "" : "the service goes by: " + string.Join(", ", words.ToArray());
        }

        /// <summary>What is told to a model that cannot be told; empty where nothing is.</summary>
        public static string Unheard(BridgeStatus status, CaptureReport report)
        {
            var words = new List<string>();
            foreach (string thing in Things)
            {
                bool can;
                AddIf(words, IsTold(thing, report) && !(status.Capabilities.TryGetValue(thing, out can) && can), thing);
            }
            return words.Count == 0 ? "" : "told, but this model goes by the picture: " + string.Join(", ", words.ToArray());
        }

        static bool IsTold(string thing, CaptureReport report)
        {
            bool told = thing == "scene" && report.Place.Any;
            for (int i = 0; report.Told != null && i < report.Told.Count; i++)
            {
                ToldNote note = report.Told[i];
                told |= thing == "feet" ? note.Feet > 0 : thing == "contacts" ? note.Contacts > 0 : thing == "surface" && note.Surface != null;
            }
            return told;
        }

        static void AddIf(List<string> words, bool condition, string word)
        {
            if (condition)
            {
                words.Add(word);
            }
        }
    }
}
