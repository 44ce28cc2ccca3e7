// How fast a state of an Animator runs. One thread at a time.
namespace StereoSync
{
    /// <summary>
    /// Measures cycles per second from normalised time. A state's own figures for speed and length are taken only until there is something to
    /// measure: with blend trees, multipliers and scaled clips they do not add up to one number.
    /// </summary>
    internal sealed class CycleMeter
    {
        const double OverS = 0.1, ForgetS = 0.5;

        int _state;
        double _sinceS, _sinceCycles, _cyclesPerS;
        bool _measured;

        /// <summary>Cycles per second now.</summary>
        /// <param name="state">Which state it is.</param>
        /// <param name="cycles">Its normalised time.</param>
        /// <param name="nowS">The game's time, s.</param>
        /// <param name="guess">Cycles per second as far as the state's own figures say.</param>
        public double Of(int state, double cycles, double nowS, double guess)
        {
            double passedS = nowS - _sinceS;
            if (state != _state || passedS < 0 || passedS > ForgetS || cycles < _sinceCycles)
            {
                _measured = false;
                Begin(state, cycles, nowS);
            }
            else if (passedS >= OverS)
            {
                _measured = true;
                _cyclesPerS = (cycles - _sinceCycles) / passedS;
                Begin(state, cycles, nowS);
            }
            return _measured ? _cyclesPerS : guess;
        }

        void Begin(int state, double cycles, double nowS)
        {
            _state = state;
            _sinceCycles = cycles;
            _sinceS = nowS;
        }
    }
}
