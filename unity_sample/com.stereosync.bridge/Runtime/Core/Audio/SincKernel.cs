// The filter of RateConverter: one side of a Kaiser-windowed sinc, tabulated once (J. O. Smith, "Digital audio resampling").
// Immutable; any thread may use it.
using System;

namespace StereoSync.Bridge
{
    /// <summary>A low-pass whose cutoff scales with the lower of two rates.</summary>
    sealed class SincKernel
    {
        const int PerCrossing = 512; // with linear interpolation the error of the table is below -100 dB
        const double Cutoff = 0.92; // of the lower Nyquist frequency, where the response is a half
        const double Beta = 8; // about 80 dB of attenuation

        public static readonly SincKernel Shared = new SincKernel();

        readonly float[] _table = new float[RateConverter.HalfWidth * PerCrossing + 2];

        SincKernel()
        {
            double width = RateConverter.HalfWidth;
            for (int i = 0; i < _table.Length; i++)
            {
                double t = (double)i / PerCrossing;
                double window = t >= width ? 0 : Bessel(Beta * Math.Sqrt(1 - t / width * (t / width))) / Bessel(Beta);
                _table[i] = (float)(window * Sinc(Cutoff * t));
            }
        }

        static double Sinc(double x)
        {
            return x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
        }

        // Modified Bessel function of order 0, by its power series.
        static double Bessel(double x)
        {
            double sum = 1, term = 1;
            for (int k = 1; k < 40; k++)
            {
                term *= x / (2 * k) * (x / (2 * k));
                sum += term;
            }
            return sum;
        }

        /// <summary>
        /// The value of <paramref name="held"/> (pairs) at <paramref name="at"/> + <paramref name="share"/>. The weights are made to
        /// sum to 1, so that every share has the same gain.
        /// </summary>
        public void Apply(float[] held, int at, double share, double scale, int taps, float[] stereo, int target)
        {
            double left = 0, right = 0, sum = 0;
            for (int side = 0; side < 2; side++)
            {
                double place = (side == 0 ? share : 1 - share) * scale * PerCrossing, step = scale * PerCrossing;
                int source = 2 * (at + side), direction = side == 0 ? -2 : 2;
                for (int tap = 0; tap < taps && place < _table.Length - 1; tap++, place += step, source += direction)
                {
                    int index = (int)place;
                    double weight = _table[index] + (place - index) * (_table[index + 1] - _table[index]);
                    left += weight * held[source];
                    right += weight * held[source + 1];
                    sum += weight;
                }
            }
            stereo[target] = (float)(left / sum);
            stereo[target + 1] = (float)(right / sum);
        }
    }
}
