// A circular buffer of stereo samples with the cuts and fades that a playback ring needs. Not safe for threads by itself;
// nothing is allocated after it was made.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Positions and counts are sample pairs, from the oldest that waits.</summary>
    sealed class SampleQueue
    {
        readonly float[] _data;
        readonly int _capacity;
        int _head;

        public SampleQueue(int capacity)
        {
            _capacity = capacity;
            _data = new float[2 * capacity];
        }

        public int Count { get; private set; }

        /// <summary>0-based index into the data of the left sample at a position.</summary>
        int At(int position)
        {
            return 2 * ((_head + position) % _capacity);
        }

        /// <summary>Rising from just above 0 to just below 1 over <paramref name="n"/> samples.</summary>
        public static float Ramp(int i, int n)
        {
            return (float)((i + 0.5) / Math.Max(1, n));
        }

        public void Clear()
        {
            Count = 0;
        }

        public void AddSilence(int count)
        {
            for (int i = 0; i < count; i++, Count++)
            {
                int at = At(Count);
                _data[at] = _data[at + 1] = 0;
            }
        }

        /// <summary>Old up to the offset, then new; over at most <paramref name="fade"/> samples one fades into the other.</summary>
        public void Overlay(int offset, float[] samples, int from, int count, int fade)
        {
            int overlap = Math.Min(fade, Math.Min(Count - offset, count));
            for (int i = 0; i < count; i++)
            {
                int at = At(offset + i), source = 2 * (from + i);
                float ramp = i < overlap ? Ramp(i, overlap) : 1;
                _data[at] = i < overlap ? _data[at] * (1 - ramp) + samples[source] * ramp : samples[source];
                _data[at + 1] = i < overlap ? _data[at + 1] * (1 - ramp) + samples[source + 1] * ramp : samples[source + 1];
            }
            Count = offset + count;
        }

        /// <summary>Drops the oldest <paramref name="excess"/>; what is kept begins as what would have been played.</summary>
        public void Skip(int excess, int fade)
        {
            int overlap = Math.Min(fade, Math.Min(excess, Count - excess));
            for (int i = 0; i < overlap; i++)
            {
                int old = At(i), kept = At(excess + i);
                float ramp = Ramp(i, overlap);
                _data[kept] = _data[old] * (1 - ramp) + _data[kept] * ramp;
                _data[kept + 1] = _data[old + 1] * (1 - ramp) + _data[kept + 1] * ramp;
            }
            Drop(excess);
        }

        public void FadeIn(int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Scale(offset + i, Ramp(i, count));
            }
        }

        public void FadeOutEnd(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Scale(Count - 1 - i, Ramp(i, count));
            }
        }

        void Scale(int position, float factor)
        {
            int at = At(position);
            _data[at] *= factor;
            _data[at + 1] *= factor;
        }

        public void Take(float[] into, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                int at = At(i), target = 2 * (offset + i);
                into[target] = _data[at];
                into[target + 1] = _data[at + 1];
            }
            Drop(count);
        }

        void Drop(int count)
        {
            _head = (_head + count) % _capacity;
            Count -= count;
        }
    }
}
