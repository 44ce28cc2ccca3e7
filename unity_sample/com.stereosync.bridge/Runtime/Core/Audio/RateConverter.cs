// From the stream's rate to the device's: band-limited interpolation with a windowed sinc.
// Used by the audio thread alone; nothing is allocated after it was made, also when the rates change.
using System;

namespace StereoSync.Bridge
{
    /// <summary>
    /// Reads a source at its rate and gives samples at another, without a seam between calls of any size or where a rate changes. At
    /// equal rates the samples pass unchanged and at once; else they come <see cref="HalfWidth"/> samples of the lower rate later.
    /// </summary>
    public sealed class RateConverter
    {
        /// <summary>Zero crossings of the filter on each side.</summary>
        public const int HalfWidth = 32;

        const int LargestRatio = 24; // 192 kHz to 8 kHz
        const int History = HalfWidth * LargestRatio;
        const int Block = 512; // device samples at a time
        const int Capacity = 2 * History + (Block + 2) * LargestRatio;

        readonly ISampleSource _source;
        readonly SincKernel _kernel = SincKernel.Shared;
        readonly float[] _held = new float[2 * Capacity]; // source pairs: history, then what is not played yet
        int _heldCount = History;
        int _at = History; // in _held, the source sample at or before the next device sample
        double _share; // how far beyond it the next device sample lies, 0 to 1
        int _sourceHz, _deviceHz;

        /// <summary>A converter for one source.</summary>
        public RateConverter(ISampleSource source)
        {
            _source = source;
        }

        /// <summary>Fills <paramref name="count"/> pairs of <paramref name="stereo"/> at the device's rate, 8000 to 192000 Hz.</summary>
        /// <exception cref="ArgumentOutOfRangeException">A rate outside these limits.</exception>
        public void Read(float[] stereo, int count, int deviceRateHz)
        {
            SetRates(_source.SampleRateHz, deviceRateHz);
            if (count == 0)
            {
                _source.Read(_held, _heldCount, 0);
            }
            for (int done = 0; done < count; done += Block)
            {
                ReadBlock(stereo, done, Math.Min(Block, count - done));
            }
        }

        void SetRates(int sourceHz, int deviceHz)
        {
            if (deviceHz < 8000 || deviceHz > 192000)
            {
                throw new ArgumentOutOfRangeException("deviceHz", "a device rate must be 8000 to 192000 Hz, got " + deviceHz);
            }
            if (sourceHz == deviceHz && _share != 0)
            {
                _at += _share < 0.5 ? 0 : 1;
                _share = 0;
            }
            _sourceHz = sourceHz;
            _deviceHz = deviceHz;
        }

        void ReadBlock(float[] stereo, int offset, int count)
        {
            if (_sourceHz == _deviceHz)
            {
                Fetch(_at + count);
                Array.Copy(_held, 2 * _at, stereo, 2 * offset, 2 * count);
                _at += count;
            }
            else
            {
                Interpolate(stereo, offset, count);
            }
            Forget();
        }

        void Fetch(int needed)
        {
            if (needed > _heldCount)
            {
                _source.Read(_held, _heldCount, needed - _heldCount);
                _heldCount = needed;
            }
        }

        void Interpolate(float[] stereo, int offset, int count)
        {
            double step = (double)_sourceHz / _deviceHz, scale = Math.Min(1, 1 / step);
            int taps = (int)Math.Ceiling(HalfWidth / scale);
            Fetch(_at + (int)(_share + (count - 1) * step) + 2 + taps); // one more, for what rounding may add
            for (int i = 0; i < count; i++)
            {
                _kernel.Apply(_held, _at, _share, scale, taps, stereo, 2 * (offset + i));
                _share += step;
                int whole = (int)_share;
                _share -= whole;
                _at += whole;
            }
        }

        void Forget()
        {
            int past = _at - History;
            if (past > 0)
            {
                Array.Copy(_held, 2 * past, _held, 0, 2 * (_heldCount - past));
                _heldCount -= past;
                _at -= past;
            }
        }
    }
}
