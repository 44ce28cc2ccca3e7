// Places that can be told, in the inspector's words and in the wire's. Pure.
using System;

namespace StereoSync
{
    /// <summary>What is heard of a place; each word of PROTOCOL.md's, a quiet place, or nothing told.</summary>
    public enum PlaceKind
    {
        /// <summary>Not told: the picture decides.</summary>
        Seen,

        /// <summary>A quiet place.</summary>
        Quiet,

        Wind, Forest, Rain, Village, River, City, Thunder, Sea, Harbour, Night, Waterfall, Machinery, Desert, Snowstorm, Fire, Cave, Jungle,
        Fountain,
    }

    /// <summary>The wire's words for places.</summary>
    internal static class PlaceKindWords
    {
        static readonly string[] Words = Array.ConvertAll(Enum.GetNames(typeof(PlaceKind)), name => name.ToLowerInvariant());

        /// <summary>The word; empty for a quiet place, null where nothing is told.</summary>
        public static string Word(this PlaceKind kind)
        {
            return kind == PlaceKind.Seen ? null : kind == PlaceKind.Quiet ? "" : Words[(int)kind];
        }
    }
}
