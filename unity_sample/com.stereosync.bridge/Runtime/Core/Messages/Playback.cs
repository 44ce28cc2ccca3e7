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

        /// <summary>What lies between the ring and the ear, ms, 0 to 10000: the device's buffers and mixers.</summary>
        public double DeviceMs;

        /// <summary>Checks every rule of the wire.</summary>
        /// <exception cref="WireException">Names the field and the rule that it breaks.</exception>
        public void Check()
        {
            FieldRules.Integer(PlayedSamples, 0, FieldRules.MaxInteger, "playback.played_samples");
            FieldRules.Number(BufferedMs, 0, 60000, "playback.buffered_ms");
            FieldRules.Integer(Underruns, 0, FieldRules.MaxInteger, "playback.underruns");
            FieldRules.Integer(Epoch, 0, FieldRules.MaxInteger, "playback.epoch");
            FieldRules.Number(DeviceMs, 0, 10000, "playback.device_ms");
        }

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(DeviceMs > 0 ? 5 : 4);
            writer.Text("played_samples").Integer(PlayedSamples);
            writer.Text("buffered_ms").Float(BufferedMs);
            writer.Text("underruns").Integer(Underruns);
            writer.Text("epoch").Integer(Epoch);
            if (DeviceMs > 0)
            {
                writer.Text("device_ms").Float(DeviceMs);
            }
        }
    }
}
