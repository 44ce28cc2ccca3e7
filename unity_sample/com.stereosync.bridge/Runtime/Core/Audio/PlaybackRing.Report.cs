// What PlaybackRing tells of itself, to any thread.
using System;

namespace StereoSync.Bridge
{
    public sealed partial class PlaybackRing
    {
        const double MaxDeviceMs = 10000;

        double _deviceMs;

        /// <summary>
        /// What lies between this ring and the ear, ms: the device's buffers, mixers, the driver. Drivers say anything: it is held within
        /// 0 to 10000, and NaN counts as 0.
        /// </summary>
        public double DeviceMs
        {
            get { lock (_lock) { return _deviceMs; } }
            set { lock (_lock) { _deviceMs = value > 0 ? Math.Min(value, MaxDeviceMs) : 0; } }
        }

        /// <summary>What FRAME and PING tell the service.</summary>
        public Playback Playback
        {
            get
            {
                lock (_lock)
                {
                    return new Playback
                    {
                        PlayedSamples = _position,
                        BufferedMs = 1000.0 * _queue.Count / _rateHz,
                        Underruns = _underruns - _earlierUnderruns,
                        Epoch = _epoch,
                        DeviceMs = _deviceMs,
                    };
                }
            }
        }

        /// <summary>Rate of the stream, Hz.</summary>
        public int SampleRateHz
        {
            get { lock (_lock) { return _rateHz; } }
        }

        /// <summary>Whether no sound is played because too little waits.</summary>
        public bool Priming
        {
            get { lock (_lock) { return _priming; } }
        }

        /// <summary>Times at which the sound ran out, over all sessions.</summary>
        public long Underruns
        {
            get { lock (_lock) { return _underruns; } }
        }

        /// <summary>Samples that came after their time and were dropped.</summary>
        public long LateSamples
        {
            get { lock (_lock) { return _late; } }
        }

        /// <summary>Samples that never came and were played as silence.</summary>
        public long GapSamples
        {
            get { lock (_lock) { return _gap; } }
        }

        /// <summary>Samples that were thrown away to shorten the delay.</summary>
        public long SkippedSamples
        {
            get { lock (_lock) { return _skipped; } }
        }
    }
}
