// What animation events say of feet. Pure functions.
using System;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Which feet come down at an event.</summary>
    internal enum FeetDown
    {
        /// <summary>One; the event does not say which.</summary>
        One,

        /// <summary>The left one.</summary>
        Left,

        /// <summary>The right one.</summary>
        Right,

        /// <summary>Both.</summary>
        Both,
    }

    /// <summary>
    /// Reads events as many projects have them: the functions OnFootstep and OnLand; a side, if any, in the text or the function's name
    /// (left, R, FootL); a strength, if any, in the number.
    /// </summary>
    internal static class FootEvents
    {
        public const string Footstep = "OnFootstep";
        public const string Land = "OnLand";

        const float LandingStrength = 0.9f;

        /// <summary>Which feet come down.</summary>
        public static FeetDown FeetOf(AnimationEvent moment)
        {
            if (moment.functionName == Land)
            {
                return FeetDown.Both;
            }
            FeetDown side = SideIn(moment.stringParameter ?? "");
            return side == FeetDown.One ? SideIn(moment.functionName) : side;
        }

        static FeetDown SideIn(string text)
        {
            bool left = Has(text, "left", 'L'), right = Has(text, "right", 'R');
            return left == right ? FeetDown.One : left ? FeetDown.Left : FeetDown.Right;
        }

        // The word anywhere, or its capital at the end: FootL, but not OnFootfall.
        static bool Has(string text, string word, char capital)
        {
            bool ends = text.Length > 0 && text[text.Length - 1] == capital;
            return ends || text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0 || string.Equals(text, word.Substring(0, 1));
        }

        /// <summary>How hard, 0 to 1; null where the event does not say.</summary>
        public static float? StrengthOf(AnimationEvent moment)
        {
            float number = moment.floatParameter;
            return number > 0 && number <= 1 ? number : moment.functionName == Land ? LandingStrength : (float?)null;
        }

        /// <summary>The feet that come down on one side.</summary>
        public static FeetDown Of(FootSide side)
        {
            return side == FootSide.Left ? FeetDown.Left : FeetDown.Right;
        }
    }
}
