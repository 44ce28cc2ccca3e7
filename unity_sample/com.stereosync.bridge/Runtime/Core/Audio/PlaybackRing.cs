// The playback buffer: one continuous stream, written by absolute sample and read by an audio callback.
// Threads: any one thread writes, any other reads. One lock guards both and is held for one copy of a few milliseconds of
// sound. Reading allocates nothing.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Where sound is read from.</summary>
    public interface ISampleSource
    {
        /// <summary>Rate of the samples, Hz.</summary>
        int SampleRateHz { get; }

        /// <summary>Fills <paramref name="count"/> pairs of <paramref name="stereo"/> from pair <paramref name="offset"/> on.</summary>
        void Read(float[] stereo, int offset, int count);
    }

    /// <summary>
    /// Primes, plays, and on an underrun fades out, primes again and fades in. Positions are samples of the epoch's stream. More than
    /// the largest buffer is never kept: the oldest sound is skipped with a cross-fade, so that the delay cannot grow for good.
    /// </summary>
    public sealed partial class PlaybackRing : ISampleSource
    {
        /// <summary>Rate before WELCOME names one, Hz.</summary>
        public const int DefaultRateHz = 48000;

        const double PrimeMs = 30, FadeMs = 5, CrossfadeMs = 5, MaxBufferMs = 500;
        const int HighestRateHz = 192000;

        readonly object _lock = new object();
        readonly FadeOut _fadeOut = new FadeOut(Samples(FadeMs, HighestRateHz));
        SampleQueue _queue;
        int _rateHz, _primeSamples, _fadeSamples, _crossfadeSamples, _maxSamples;
        long _position, _epoch, _underruns, _earlierUnderruns, _late, _gap, _skipped;
        bool _priming = true;
        int _fadeInLeft;

        /// <summary>An empty ring at <see cref="DefaultRateHz"/>.</summary>
        public PlaybackRing()
        {
            SetRate(DefaultRateHz, NewQueue(DefaultRateHz));
        }

        static int Samples(double ms, int rateHz)
        {
            return (int)Math.Round(ms * rateHz / 1000, MidpointRounding.ToEven);
        }

        static SampleQueue NewQueue(int rateHz)
        {
            return new SampleQueue(Samples(MaxBufferMs, rateHz) + AudioMessage.MaxSamples + 1);
        }

        void SetRate(int rateHz, SampleQueue queue)
        {
            _rateHz = rateHz;
            _queue = queue;
            _primeSamples = Samples(PrimeMs, rateHz);
            _fadeSamples = Samples(FadeMs, rateHz);
            _crossfadeSamples = Samples(CrossfadeMs, rateHz);
            _maxSamples = Samples(MaxBufferMs, rateHz);
            _fadeOut.SetLength(_fadeSamples);
        }

        /// <summary>The next <paramref name="count"/> pairs; silence while priming. For the audio thread.</summary>
        public void Read(float[] stereo, int offset, int count)
        {
            lock (_lock)
            {
                if (_priming && _queue.Count >= Math.Max(1, _primeSamples))
                {
                    _priming = false;
                    _fadeInLeft = _fadeSamples;
                }
                int taken = _priming ? 0 : Play(stereo, offset, count);
                if (taken < count && !_priming)
                {
                    _underruns++;
                    Stop();
                }
                Array.Clear(stereo, 2 * (offset + taken), 2 * (count - taken));
                _fadeOut.AddTo(stereo, offset + taken, count - taken);
            }
        }

        int Play(float[] stereo, int offset, int count)
        {
            int taken = Math.Min(count, _queue.Count);
            _queue.Take(stereo, offset, taken);
            _position += taken;
            FadeIn(stereo, offset, taken);
            _fadeOut.AddTo(stereo, offset, taken);
            _fadeOut.Remember(stereo, offset, taken);
            return taken;
        }

        void FadeIn(float[] stereo, int offset, int count)
        {
            for (int i = 0; i < count && _fadeInLeft > 0; i++, _fadeInLeft--)
            {
                float ramp = SampleQueue.Ramp(_fadeSamples - _fadeInLeft, _fadeSamples);
                stereo[2 * (offset + i)] *= ramp;
                stereo[2 * (offset + i) + 1] *= ramp;
            }
        }

        // Primes again and fades out; a fade that is under way goes on.
        void Stop()
        {
            if (!_priming)
            {
                _priming = true;
                _fadeOut.Start();
            }
        }

        /// <summary>Forgets what waits, as after a pause; the stream goes on where writing stopped, after priming.</summary>
        public void Clear()
        {
            lock (_lock)
            {
                _position += _queue.Count;
                _queue.Clear();
                Stop();
            }
        }

        /// <summary>
        /// Forgets the stream, as for a new session; what was heard fades out. The counters go on, but <see cref="Playback"/> reports
        /// the underruns since the last restart.
        /// </summary>
        public void Restart(long epoch, long startSample, int sampleRateHz)
        {
            SampleQueue queue = sampleRateHz == SampleRateHz ? null : NewQueue(sampleRateHz);
            lock (_lock)
            {
                _queue.Clear();
                _epoch = epoch;
                _position = startSample;
                _earlierUnderruns = _underruns;
                Stop();
                if (queue != null)
                {
                    SetRate(sampleRateHz, queue);
                }
            }
        }
    }
}
