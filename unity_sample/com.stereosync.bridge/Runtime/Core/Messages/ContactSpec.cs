// A moment at which a foot comes down, as the engine knows it. Plain data; its text belongs to the caller.
namespace StereoSync.Bridge
{
    /// <summary>
    /// Up to 0.5 s ahead of the frame or 0.1 s before it. The same contact may be told with every frame: within 0.12 s a side has one, and the
    /// newest word counts until its sound begins.
    /// </summary>
    public struct ContactSpec
    {
        /// <summary>One of <see cref="Sides"/>.</summary>
        public string Side;

        /// <summary>When, s on the client's clock, as <see cref="FrameMessage.CaptureClientS"/>.</summary>
        public double TimeClientS;

        /// <summary>0 to 1: 0.25 a soft step, 0.5 an ordinary one, 0.75 a running one; null if not known.</summary>
        public double? Strength;

        /// <summary>What the foot comes down on, in any words; what lies beyond 64 characters is not sent. Null or empty if not known.</summary>
        public string Surface;

        internal void Check()
        {
            FieldRules.Choice(Side, "side", Sides.Both);
            FieldRules.Time(TimeClientS, "time_client_s");
            if (Strength.HasValue)
            {
                FieldRules.Number(Strength.Value, 0, 1, "strength");
            }
        }

        internal void Write(MsgpackWriter writer)
        {
            bool surface = !string.IsNullOrEmpty(Surface);
            writer.Map(2 + (Strength.HasValue ? 1 : 0) + (surface ? 1 : 0));
            writer.Text("side").Text(Side);
            writer.Text("time_client_s").Float(TimeClientS);
            if (Strength.HasValue)
            {
                writer.Text("strength").Float(Strength.Value);
            }
            if (surface)
            {
                writer.Text("surface").Word(Surface);
            }
        }
    }
}
