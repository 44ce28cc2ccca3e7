// One chunk of sound, or the credit alone. One instance is reused for every AUDIO: used by the I/O thread.
using System;

namespace StereoSync.Bridge
{
    /// <summary>AUDIO. Valid until the next message is decoded.</summary>
    public sealed class AudioMessage
    {
        /// <summary>Sample pairs in a chunk at most.</summary>
        public const int MaxSamples = 48000;

        const int SampleBytes = 8;

        ArraySegment<byte> _pcm;

        /// <summary>Rises when the stream is made anew.</summary>
        public long Epoch { get; private set; }

        /// <summary>Position of the first sample in the epoch's stream.</summary>
        public long StartSample { get; private set; }

        /// <summary>Sample pairs; 0: the message carries the credit alone.</summary>
        public int Count { get; private set; }

        /// <summary>Frames that may have been sent so far.</summary>
        public long Credit { get; private set; }

        /// <summary>Capture time of the newest frame in the chunk, s on the client's clock; null before the first.</summary>
        public double? CaptureClientS { get; private set; }

        /// <summary>Age of that frame when the first sample is heard, s.</summary>
        public double AgeS { get; private set; }

        /// <summary>Sampler steps; 0: concealed.</summary>
        public int Steps { get; private set; }

        /// <summary>Time spent on the chunk, ms.</summary>
        public double ComputeMs { get; private set; }

        /// <summary>The sound, left right left right: its first 2 * <see cref="Count"/> values.</summary>
        public float[] Samples { get; private set; }

        internal AudioMessage()
        {
            Samples = new float[2 * 4800];
        }

        internal void Read(HeaderReader header, ArraySegment<byte> pcm)
        {
            Epoch = header.Count("epoch");
            StartSample = header.Count("start_sample");
            Count = (int)header.Integer("n_samples", 0, MaxSamples);
            Credit = header.Count("credit");
            CaptureClientS = header.TimeOrNil("capture_client_s");
            AgeS = header.Number("age_s", -1e12, 1e12, 0);
            Steps = (int)header.Integer("steps", 0, 1000, 0);
            ComputeMs = header.Number("compute_ms", 0, double.MaxValue, 0);
            _pcm = pcm;
            if (pcm.Count != Count * SampleBytes)
            {
                string declared = Count + " samples of " + SampleBytes + " bytes";
                throw new WireException(ErrorCodes.BadLength, "pcm", "must hold " + declared + ", got " + pcm.Count + " bytes");
            }
        }

        /// <summary>Reads the payload into <see cref="Samples"/>.</summary>
        /// <exception cref="WireException">A sample is not finite.</exception>
        internal void ReadSamples()
        {
            if (Samples.Length < 2 * Count)
            {
                Samples = new float[2 * Count];
            }
            Buffer.BlockCopy(_pcm.Array, _pcm.Offset, Samples, 0, _pcm.Count);
            for (int i = 0; i < 2 * Count; i++)
            {
                if (float.IsNaN(Samples[i]) || float.IsInfinity(Samples[i]))
                {
                    throw new WireException(ErrorCodes.BadValue, "pcm", "samples must be finite");
                }
                Samples[i] = Math.Max(-1, Math.Min(1, Samples[i])); // a broken server must not hurt ears
            }
        }
    }
}
