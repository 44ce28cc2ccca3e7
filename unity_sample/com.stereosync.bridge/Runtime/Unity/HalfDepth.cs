// Half floats as the wire wants them. A pure function, for any thread.
namespace StereoSync
{
    /// <summary>Marks what is unknown in a depth buffer of half floats.</summary>
    internal static class HalfDepth
    {
        const int Infinity = 0x7C00;

        /// <summary>
        /// Writes +inf in place of all that is no distance: 0 (nothing was hit), NaN, and what is below 0. The service refuses NaN, and
        /// an infinity that a shader writes does not survive every shader compiler.
        /// </summary>
        /// <param name="metres">Little-endian half floats.</param>
        /// <param name="bytes">How many bytes of the array count.</param>
        public static void MarkUnknown(byte[] metres, int bytes)
        {
            for (int i = 0; i + 1 < bytes; i += 2)
            {
                int bits = metres[i] | metres[i + 1] << 8; // the sign is the highest bit, so that numbers below 0 come after NaN
                if (bits == 0 || bits >= Infinity)
                {
                    metres[i] = Infinity & 0xFF;
                    metres[i + 1] = Infinity >> 8;
                }
            }
        }
    }
}
