// The overlay's words, the console's, and key files.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class WordCheck
    {
        public static void Run(string clientFile, string serverFile)
        {
            Overlay();
            Console();
            Keys(clientFile, serverFile);
        }

        static void Overlay()
        {
            Lines("stopped", null, new CaptureReport());
            Lines("connecting", new BridgeStatus { State = BridgeState.Connecting, Text = "no answer yet: start stereosync-serve" }, new CaptureReport());
            var connected = new BridgeStatus { State = BridgeState.Connected, Bundle = "walk", RoundTripMs = 0.31, BufferedMs = 61.6, FramesSent = 90, ChunkAgeMs = 47.7, Steps = 2 };
            Lines("nobody", connected, new CaptureReport { Boxes = new List<PixelBox>(), WidthPx = 320, HeightPx = 180, FramesPerS = 29.97 });
            Lines("fault", connected, new CaptureReport { Fault = "There is no camera.", Paused = true });
            Lines("well", connected, new CaptureReport { Boxes = new List<PixelBox> { new PixelBox() }, Skipped = 3, Failed = 1 });
            connected.LastError = "boxes[0].x1 must not be below x0";
            Lines("error", connected, new CaptureReport());
            var meter = new RateMeter();
            meter.Of(100, 5);
            Program.Say("rate", meter.Of(100, 5.5), meter.Of(130, 6), meter.Of(131, 6.5), meter.Of(190, 8));
        }

        static void Lines(string name, BridgeStatus status, CaptureReport report)
        {
            Program.Say(name, string.Join(" | ", StatusText.Lines(status, report).ToArray()));
        }

        static void Console()
        {
            var log = new NoticeLog();
            foreach (NoticeKind kind in new[] { NoticeKind.Unanswered, NoticeKind.Unanswered, NoticeKind.Connected, NoticeKind.Unanswered, NoticeKind.Error, NoticeKind.Lost })
            {
                log.Write(new Notice(kind, "", kind.ToString(), 0), null);
            }
            log.Write("fault", null);
            log.Write("fault", null);
            log.Write((string)null, null);
            Program.Say("console", string.Join(" | ", Debug.Lines.ToArray()));
        }

        static void Keys(string clientFile, string serverFile)
        {
            CurveKeys keys = CurveKeyFiles.Read(clientFile, serverFile);
            Program.Say("keys", keys.PublicKey, keys.SecretKey, keys.ServerKey);
            Refused("no_file", "", serverFile);
            Refused("no_secret", serverFile, serverFile);
        }

        static void Refused(string name, string clientFile, string serverFile)
        {
            try
            {
                CurveKeyFiles.Read(clientFile, serverFile);
                Program.Say(name, "accepted");
            }
            catch (ArgumentException error)
            {
                Program.Say(name, error.Message);
            }
        }
    }
}
