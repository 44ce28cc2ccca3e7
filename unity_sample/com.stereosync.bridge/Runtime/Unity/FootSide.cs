// Sides of a body, in the inspector's words and in the wire's. Pure.
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>A side of the body.</summary>
    public enum FootSide
    {
        /// <summary>The left side.</summary>
        Left,

        /// <summary>The right side.</summary>
        Right,
    }

    /// <summary>The wire's words for sides.</summary>
    internal static class FootSideWords
    {
        public static string Word(this FootSide side)
        {
            return side == FootSide.Left ? Sides.Left : Sides.Right;
        }

        public static FootSide Other(this FootSide side)
        {
            return side == FootSide.Left ? FootSide.Right : FootSide.Left;
        }
    }
}
