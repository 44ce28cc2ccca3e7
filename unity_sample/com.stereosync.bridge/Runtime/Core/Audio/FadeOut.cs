// What was played last, and the fade out that is made of it. Used under the ring's lock; nothing is allocated.
using System;

namespace StereoSync.Bridge
{
    /// <summary>
    /// The last sound played backwards joins without a step and needs no look-ahead. Counts are sample pairs.
    /// </summary>
    sealed class FadeOut
    {
        readonly float[] _recent;
        readonly float[] _tail;
        int _samples;
        int _next; // in _recent, where the next sample goes
        int _tailAt;
        int _tailEnd;

        public FadeOut(int mostSamples)
        {
            _recent = new float[2 * mostSamples];
            _tail = new float[2 * mostSamples];
        }

        /// <summary>Sets the length of a fade and forgets what was played; a fade that is under way goes on.</summary>
        public void SetLength(int samples)
        {
            _samples = samples;
            Forget();
        }

        void Forget()
        {
            Array.Clear(_recent, 0, _recent.Length);
            _next = 0;
        }

        public void Remember(float[] played, int offset, int count)
        {
            for (int i = Math.Max(0, count - _samples); i < count; i++)
            {
                _recent[2 * _next] = played[2 * (offset + i)];
                _recent[2 * _next + 1] = played[2 * (offset + i) + 1];
                _next = (_next + 1) % _samples;
            }
        }

        public void Start()
        {
            for (int i = 0; i < _samples; i++)
            {
                int back = _samples - 1 - i;
                float ramp = SampleQueue.Ramp(back, _samples);
                int source = (_next + back) % _samples;
                _tail[2 * i] = _recent[2 * source] * ramp;
                _tail[2 * i + 1] = _recent[2 * source + 1] * ramp;
            }
            _tailAt = 0;
            _tailEnd = _samples;
            Forget();
        }

        public void AddTo(float[] sound, int offset, int count)
        {
            for (int i = 0; i < count && _tailAt < _tailEnd; i++, _tailAt++)
            {
                sound[2 * (offset + i)] += _tail[2 * _tailAt];
                sound[2 * (offset + i) + 1] += _tail[2 * _tailAt + 1];
            }
        }
    }
}
