// The half of PlaybackRing that places chunks. Used by the thread that writes; the lock guards all of it.
using System;

namespace StereoSync.Bridge
{
    public sealed partial class PlaybackRing
    {
        /// <summary>Places a chunk at its start; what is already past is dropped, what overlaps is cross-faded.</summary>
        /// <param name="samples">Left right left right, <paramref name="count"/> pairs, 48000 at most.</param>
        /// <exception cref="ArgumentOutOfRangeException">More pairs than a chunk may have.</exception>
        public void Write(long epoch, long startSample, float[] samples, int count)
        {
            if (count > AudioMessage.MaxSamples)
            {
                throw new ArgumentOutOfRangeException("count", "a chunk has at most 48000 samples: write it in pieces");
            }
            lock (_lock)
            {
                if (epoch < _epoch)
                {
                    _late += count;
                }
                else if (epoch > _epoch)
                {
                    BeginEpoch(epoch, startSample, samples, count);
                }
                else
                {
                    Place(startSample - _position, samples, count);
                    Shrink();
                }
            }
        }

        void BeginEpoch(long epoch, long startSample, float[] samples, int count)
        {
            if (!_priming && _queue.Count == 0)
            {
                Stop();
            }
            _queue.Overlay(0, samples, 0, count, _crossfadeSamples);
            _epoch = epoch;
            _position = startSample;
        }

        void Place(long offset, float[] samples, int count)
        {
            int from = (int)Math.Min(Math.Max(0, -offset), count);
            _late += from;
            offset = Math.Max(0, offset);
            if (from == count)
            {
                return;
            }
            if (_queue.Count > 0 && offset > _maxSamples)
            {
                Leap(offset, samples, from, count - from);
            }
            else if (_queue.Count > 0 && offset > _queue.Count)
            {
                PlaceAfterGap((int)offset, samples, from, count - from);
            }
            else
            {
                PlaceJoined(offset, samples, from, count - from);
            }
        }

        // The stream goes on further ahead than may ever wait: go there at once.
        void Leap(long offset, float[] samples, int from, int count)
        {
            _skipped += offset;
            _position += offset;
            _queue.Overlay(0, samples, from, count, _crossfadeSamples);
        }

        void PlaceAfterGap(int offset, float[] samples, int from, int count)
        {
            int gap = offset - _queue.Count;
            _gap += gap;
            _queue.FadeOutEnd(Math.Min(_fadeSamples, _queue.Count));
            _queue.AddSilence(gap);
            _queue.Overlay(offset, samples, from, count, 0);
            _queue.FadeIn(offset, Math.Min(_fadeSamples, count));
        }

        void PlaceJoined(long offset, float[] samples, int from, int count)
        {
            long gap = Math.Max(0, offset - _queue.Count); // before an empty ring: go there at once
            _gap += gap;
            _position += gap;
            _queue.Overlay((int)(offset - gap), samples, from, count, _crossfadeSamples);
        }

        void Shrink()
        {
            int excess = _queue.Count - _maxSamples;
            if (excess > 0)
            {
                _skipped += excess;
                _position += excess;
                _queue.Skip(excess, _crossfadeSamples);
            }
        }
    }
}
