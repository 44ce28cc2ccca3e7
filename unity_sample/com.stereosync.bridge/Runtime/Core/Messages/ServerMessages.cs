// What the service says, but AUDIO. Plain data.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Names of received messages.</summary>
    public enum MessageKind
    {
        /// <summary>WELCOME.</summary>
        Welcome,

        /// <summary>ERROR.</summary>
        Error,

        /// <summary>AUDIO.</summary>
        Audio,

        /// <summary>CREDIT.</summary>
        Credit,

        /// <summary>PONG.</summary>
        Pong,

        /// <summary>STATS.</summary>
        Stats,

        /// <summary>BYE.</summary>
        Bye,

        /// <summary>A message that only a client sends; it is ignored.</summary>
        OfClient,
    }

    /// <summary>The session exists; these are its stream and its first credit. Units and limits: PROTOCOL.md, WELCOME.</summary>
    public sealed class Welcome
    {
        /// <summary>As in HELLO.</summary>
        public string Session;

        /// <summary>Version of the wire that the server speaks.</summary>
        public string Wire;

        /// <summary>The oldest that it accepts.</summary>
        public string MinWire;

        /// <summary>Version of its program.</summary>
        public string Package;

        /// <summary>What it can do.</summary>
        public Dictionary<string, bool> Capabilities;

        /// <summary>Rate of all chunks, Hz.</summary>
        public int SampleRateHz;

        /// <summary>Usual length of a chunk, samples.</summary>
        public int ChunkSamples;

        /// <summary>What the server keeps in the ring, ms.</summary>
        public double TargetBufferMs;

        /// <summary>The stream's first epoch.</summary>
        public long Epoch;

        /// <summary>Time between two PINGs, s.</summary>
        public double HeartbeatS;

        /// <summary>TCP port of the frame lane.</summary>
        public int FramesPort;

        /// <summary>Frames that may have been sent so far.</summary>
        public long Credit;

        /// <summary>Name of the model.</summary>
        public string Bundle;

        /// <summary>Width that the model sees, px; 0: any is as good.</summary>
        public int PictureWidthPx;

        /// <summary>Height that the model sees, px; 0: any is as good.</summary>
        public int PictureHeightPx;

        /// <summary>The echo.</summary>
        public Echo Echo;

        internal static Welcome Read(HeaderReader header)
        {
            WireVersion.Check(header.TextOrNull("wire"), header.TextOrNull("min_wire"));
            return new Welcome
            {
                Session = header.Session("session"),
                Wire = header.Version("wire"),
                MinWire = header.Version("min_wire"),
                Package = header.Text("package", 64),
                Capabilities = header.Flags("capabilities", 64),
                SampleRateHz = (int)header.Integer("sample_rate_hz", 8000, 192000),
                ChunkSamples = (int)header.Integer("chunk_samples", 1, AudioMessage.MaxSamples),
                TargetBufferMs = header.Number("target_buffer_ms", 0, 10000),
                Epoch = header.Count("epoch"),
                HeartbeatS = header.Number("heartbeat_s", 0.05, 60),
                FramesPort = (int)header.Integer("frames_port", 1, 65535),
                Credit = header.Count("credit"),
                Bundle = header.Text("bundle", 128),
                PictureWidthPx = (int)header.Integer("picture_width_px", 0, 4096),
                PictureHeightPx = (int)header.Integer("picture_height_px", 0, 4096),
                Echo = Echo.Read(header),
            };
        }
    }

    /// <summary>What rule was broken in which field. After a fatal one the session does not exist.</summary>
    public sealed class ErrorMessage
    {
        /// <summary>One of <see cref="ErrorCodes"/>, or a newer one.</summary>
        public readonly string Code;

        /// <summary>The field that breaks a rule; may be empty.</summary>
        public readonly string Field;

        /// <summary>The rule, and what to do.</summary>
        public readonly string Rule;

        /// <summary>Whether the session is gone.</summary>
        public readonly bool Fatal;

        /// <summary>An error.</summary>
        public ErrorMessage(string code, string field, string rule, bool fatal)
        {
            Code = code;
            Field = field;
            Rule = rule;
            Fatal = fatal;
        }

        internal static ErrorMessage Read(HeaderReader header)
        {
            var error = new ErrorMessage(
                header.Text("code", 32), header.Text("field", 128), header.Text("rule", 512), header.Flag("fatal"));
            header.Version("wire", WireVersion.Ours);
            header.Version("min_wire", WireVersion.OurMinimum);
            header.Text("package", 64, "");
            return error;
        }
    }

    /// <summary>An echo for the clock offset, and the credit once more.</summary>
    public struct Pong
    {
        /// <summary>The echo.</summary>
        public Echo Echo;

        /// <summary>Frames that may have been sent so far.</summary>
        public long Credit;

        internal static Pong Read(HeaderReader header)
        {
            return new Pong { Echo = Echo.Read(header), Credit = header.Count("credit") };
        }
    }
}
