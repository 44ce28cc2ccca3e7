// What the client says, as parts. Used by the I/O thread; the parts are valid until the next message is written.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>What a FRAME carries beside what the game offered.</summary>
    public struct FrameStamp
    {
        /// <summary>The session.</summary>
        public string Session;

        /// <summary>Frames sent in this session, this one included.</summary>
        public long Sent;

        /// <summary>Server clock minus client clock, s.</summary>
        public double ClockOffsetS;

        /// <summary>State of the ring; null when nobody says: the service then believes that all is played as it comes.</summary>
        public Playback? Playback;
    }

    /// <summary>Encodes each message with its keys in the order of PROTOCOL.md.</summary>
    public sealed class MessageWriter
    {
        readonly MsgpackWriter _writer = new MsgpackWriter();
        readonly WireParts _parts = new WireParts();

        /// <summary>HELLO.</summary>
        public WireParts Hello(string session, ClientOptions options, double sentClientS)
        {
            Begin("HELLO", 8);
            _writer.Text("session").Text(session);
            _writer.Text("wire").Text(WireVersion.Ours);
            _writer.Text("min_wire").Text(WireVersion.OurMinimum);
            _writer.Text("package").Text(options.Package);
            _writer.Text("client").Text(options.Name);
            _writer.Text("engine").Text(options.Engine);
            _writer.Text("capabilities").Map(options.Capabilities.Count);
            foreach (KeyValuePair<string, bool> capability in options.Capabilities)
            {
                _writer.Text(capability.Key).Flag(capability.Value);
            }
            _writer.Text("sent_client_s").Float(sentClientS);
            return End();
        }

        /// <summary>FRAME; its payloads are the frame's own buffers.</summary>
        public WireParts Frame(FrameMessage frame, FrameStamp stamp)
        {
            Begin("FRAME", 10 + (stamp.Playback.HasValue ? 1 : 0) + (frame.Scene.IsEmpty ? 0 : 1));
            _writer.Text("session").Text(stamp.Session);
            _writer.Text("index").Integer(frame.Index);
            _writer.Text("sent").Integer(stamp.Sent);
            _writer.Text("capture_client_s").Float(frame.CaptureClientS);
            _writer.Text("clock_offset_s").Float(stamp.ClockOffsetS);
            _writer.Text("camera");
            frame.Camera.Write(_writer);
            _writer.Text("picture");
            frame.Picture.Write(_writer);
            _writer.Text("depth");
            frame.Depth.Write(_writer);
            _writer.Text("boxes").Array(frame.Boxes.Count);
            foreach (BoxSpec box in frame.Boxes)
            {
                box.Write(_writer);
            }
            _writer.Text("box_origin").Text(frame.BoxOrigin);
            WritePlayback(stamp.Playback);
            WriteScene(frame.Scene);
            End();
            _parts.Add(frame.PictureBytes, 0, frame.Picture.Bytes);
            _parts.Add(frame.DepthBytes, 0, frame.Depth.Bytes);
            return _parts;
        }

        /// <summary>PING.</summary>
        public WireParts Ping(double sentClientS, long framesSent, Playback? playback)
        {
            Begin("PING", playback.HasValue ? 3 : 2);
            _writer.Text("sent_client_s").Float(sentClientS);
            _writer.Text("frames_sent").Integer(framesSent);
            WritePlayback(playback);
            return End();
        }

        /// <summary>RESET.</summary>
        public WireParts Reset(string reason)
        {
            return Reason("RESET", reason);
        }

        /// <summary>BYE.</summary>
        public WireParts Bye(string reason)
        {
            return Reason("BYE", reason);
        }

        WireParts Reason(string type, string reason)
        {
            Begin(type, 1);
            _writer.Text("reason").Text(reason);
            return End();
        }

        void WritePlayback(Playback? playback)
        {
            if (playback.HasValue)
            {
                _writer.Text("playback");
                playback.Value.Write(_writer);
            }
        }

        void WriteScene(SceneSpec scene)
        {
            if (!scene.IsEmpty)
            {
                _writer.Text("scene");
                scene.Write(_writer);
            }
        }

        void Begin(string type, int fields)
        {
            _parts.Clear();
            _writer.Clear();
            _writer.Map(fields + 1).Text("type").Text(type);
        }

        WireParts End()
        {
            _parts.Add(_writer.Buffer, 0, _writer.Count);
            return _parts;
        }
    }
}
