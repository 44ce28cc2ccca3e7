// A snapshot of the worker: immutable, so that any thread may read it.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Where a worker stands.</summary>
    public enum BridgeState
    {
        /// <summary>Not started, or disposed.</summary>
        Stopped,

        /// <summary>No session yet, or none any more; another is tried for.</summary>
        Connecting,

        /// <summary>The service welcomed this client.</summary>
        Connected,

        /// <summary>The service refused, or the options are wrong; nothing more is tried. The text says why.</summary>
        Refused,
    }

    /// <summary>What a worker last knew of itself. Times are seconds of the worker's clock unless named otherwise.</summary>
    public sealed class BridgeStatus
    {
        /// <summary>Where the worker stands.</summary>
        public BridgeState State { get; internal set; }

        /// <summary>A sentence for a person: what goes on, and if something is wrong, what to do.</summary>
        public string Text { get; internal set; }

        /// <summary>Shortest recent round trip to the service, ms; 0 before WELCOME.</summary>
        public double RoundTripMs { get; internal set; }

        /// <summary>Service clock minus client clock, s; 0 before WELCOME.</summary>
        public double ClockOffsetS { get; internal set; }

        /// <summary>Sound that waits to be played, ms.</summary>
        public double BufferedMs { get; internal set; }

        /// <summary>Whether no sound is played because too little waits.</summary>
        public bool Priming { get; internal set; }

        /// <summary>Times at which the sound ran out, over all sessions.</summary>
        public long Underruns { get; internal set; }

        /// <summary>Samples that came after their time and were dropped.</summary>
        public long LateSamples { get; internal set; }

        /// <summary>Samples that never came and were played as silence.</summary>
        public long GapSamples { get; internal set; }

        /// <summary>Samples that were thrown away to shorten the delay.</summary>
        public long SkippedSamples { get; internal set; }

        /// <summary>Frames that the game offered.</summary>
        public long FramesOffered { get; internal set; }

        /// <summary>Frames that were sent.</summary>
        public long FramesSent { get; internal set; }

        /// <summary>Frames that a newer one replaced before they were sent.</summary>
        public long FramesReplaced { get; internal set; }

        /// <summary>Frames that break a rule and were not taken.</summary>
        public long FramesRejected { get; internal set; }

        /// <summary>Chunks received.</summary>
        public long Chunks { get; internal set; }

        /// <summary>Messages of the service that break a rule.</summary>
        public long Invalid { get; internal set; }

        /// <summary>Sessions that were welcomed.</summary>
        public long Sessions { get; internal set; }

        /// <summary>Age of the newest frame when the newest chunk's first sample is heard, ms, as the service expects.</summary>
        public double ChunkAgeMs { get; internal set; }

        /// <summary>Time at which the newest chunk came, s; negative before the first.</summary>
        public double LastChunkS { get; internal set; }

        /// <summary>Time that the service took for the newest chunk, ms.</summary>
        public double ComputeMs { get; internal set; }

        /// <summary>Sampler steps of the newest chunk; 0: concealed.</summary>
        public int Steps { get; internal set; }

        /// <summary>Name of the model that makes the sound; empty before WELCOME.</summary>
        public string Bundle { get; internal set; }

        /// <summary>Rate of the stream, Hz; 0 before WELCOME.</summary>
        public int SampleRateHz { get; internal set; }

        /// <summary>Width of the picture that the model sees, px; 0: any is as good, or not known yet.</summary>
        public int PictureWidthPx { get; internal set; }

        /// <summary>Height of the picture that the model sees, px; 0: any is as good, or not known yet.</summary>
        public int PictureHeightPx { get; internal set; }

        /// <summary>
        /// What the service says it can do, e.g. <c>feet</c>, <c>surface</c>, <c>scene</c>: whether its model can be told them. Empty before
        /// WELCOME. Not to be changed.
        /// </summary>
        public Dictionary<string, bool> Capabilities { get; internal set; }

        /// <summary>The newest counters and times of the service; empty before the first. Not to be changed.</summary>
        public Dictionary<string, double> Stats { get; internal set; }

        /// <summary>The last error and its cure, one sentence; empty if there was none in this session.</summary>
        public string LastError { get; internal set; }

        internal BridgeStatus()
        {
            Text = Bundle = LastError = "";
            LastChunkS = -1;
            Capabilities = new Dictionary<string, bool>();
            Stats = new Dictionary<string, double>();
        }

        internal BridgeStatus Copy()
        {
            return (BridgeStatus)MemberwiseClone();
        }
    }
}
