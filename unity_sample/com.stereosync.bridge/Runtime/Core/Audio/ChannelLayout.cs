// Stereo to the channels that a device has. Pure; nothing is allocated.
namespace StereoSync.Bridge
{
    /// <summary>One channel gets the average, more than two get front left and right, the others silence.</summary>
    public static class ChannelLayout
    {
        /// <summary>Fills so many samples of each channel of <paramref name="data"/>, from sample <paramref name="offset"/> on.</summary>
        public static void Spread(float[] stereo, int count, float[] data, int offset, int channels)
        {
            for (int i = 0; i < count; i++)
            {
                int target = (offset + i) * channels;
                float left = stereo[2 * i], right = stereo[2 * i + 1];
                if (channels == 1)
                {
                    data[target] = (left + right) / 2;
                    continue;
                }
                data[target] = left;
                data[target + 1] = right;
                for (int channel = 2; channel < channels; channel++)
                {
                    data[target + channel] = 0;
                }
            }
        }
    }
}
