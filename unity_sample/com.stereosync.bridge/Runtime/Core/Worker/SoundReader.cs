// From the ring to an audio callback's buffer. Used by the audio thread alone; nothing is allocated.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Converts the rate, then spreads two channels over as many as the device has.</summary>
    sealed class SoundReader
    {
        const int Block = 1024;

        readonly float[] _stereo = new float[2 * Block];
        readonly RateConverter _converter;

        public SoundReader(PlaybackRing ring)
        {
            _converter = new RateConverter(ring);
        }

        public void Read(float[] data, int channels, int deviceRateHz)
        {
            if (channels < 1 || deviceRateHz < 8000 || deviceRateHz > 192000)
            {
                Array.Clear(data, 0, data.Length); // an exception in an audio callback would help nobody
                return;
            }
            int count = data.Length / channels;
            for (int done = 0; done < count; done += Block)
            {
                int block = Math.Min(Block, count - done);
                _converter.Read(_stereo, block, deviceRateHz);
                ChannelLayout.Spread(_stereo, block, data, done, channels);
            }
        }
    }
}
