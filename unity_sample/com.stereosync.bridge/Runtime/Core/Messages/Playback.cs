// What the client's ring tells the service. Plain data.
namespace StereoSync.Bridge
{
    /// <summary>State of the ring, sent with each FRAME and PING.</summary>
    public struct Playback
    {
        /// <summary>Position in the epoch's stream of the next sample to be heard.</summary>
        public long PlayedSamples;

        /// <summary>What waits in the ring, ms.</summary>
        public double BufferedMs;

        /// <summary>Underruns since the session began.</summary>
        public long Underruns;

        /// <summary>Epoch of the above.</summary>
        public long Epoch;

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(4);
            writer.Text("played_samples").Integer(PlayedSamples);
            writer.Text("buffered_ms").Float(BufferedMs);
            writer.Text("underruns").Integer(Underruns);
            writer.Text("epoch").Integer(Epoch);
        }
    }
}
