// A foot as the engine knows it. Plain data; its texts belong to the caller, so that telling feet makes no garbage.
namespace StereoSync.Bridge
{
    /// <summary>Words for the sides of a body.</summary>
    public static class Sides
    {
        /// <summary>The left side.</summary>
        public const string Left = "left";

        /// <summary>The right side.</summary>
        public const string Right = "right";

        internal static readonly string[] Both = { Left, Right };
    }

    /// <summary>
    /// Sole or ankle at the moment of the frame, in any fixed world frame in metres with y up. A foot is known by its side and its place
    /// among the feet of that side.
    /// </summary>
    public struct FootSpec
    {
        /// <summary>One of <see cref="Sides"/>.</summary>
        public string Side;

        /// <summary>Along x, m.</summary>
        public double XM;

        /// <summary>Up, m.</summary>
        public double YM;

        /// <summary>Along z, m.</summary>
        public double ZM;

        /// <summary>Whether it carries weight; null if not known.</summary>
        public bool? Grounded;

        /// <summary>What is under it, in any words; what lies beyond 64 characters is not sent. Null or empty if not known.</summary>
        public string Surface;

        internal void Check()
        {
            FieldRules.Choice(Side, "side", Sides.Both);
            FieldRules.Number(XM, -1e9, 1e9, "world_m[0]");
            FieldRules.Number(YM, -1e9, 1e9, "world_m[1]");
            FieldRules.Number(ZM, -1e9, 1e9, "world_m[2]");
        }

        internal void Write(MsgpackWriter writer)
        {
            bool surface = !string.IsNullOrEmpty(Surface);
            writer.Map(2 + (Grounded.HasValue ? 1 : 0) + (surface ? 1 : 0));
            writer.Text("side").Text(Side);
            writer.Text("world_m").Array(3).Float(XM).Float(YM).Float(ZM);
            if (Grounded.HasValue)
            {
                writer.Text("grounded").Flag(Grounded.Value);
            }
            if (surface)
            {
                writer.Text("surface").Word(Surface);
            }
        }
    }
}
