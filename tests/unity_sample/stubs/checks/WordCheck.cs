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
            Warnings();
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
            Told(connected);
            var meter = new RateMeter();
            meter.Of(100, 5);
            Program.Say("rate", meter.Of(100, 5.5), meter.Of(130, 6), meter.Of(131, 6.5), meter.Of(190, 8));
        }

        static void Told(BridgeStatus connected)
        {
            connected.LastError = "";
            var box = new BoxSpec();
            Program.Say("seen", ToldText.Of(new ToldNote(box)));
            box.Feet.Add(new FootSpec { Side = Sides.Left });
            box.Feet.Add(new FootSpec { Side = Sides.Right, Surface = "gravel" });
            Program.Say("feet_told", ToldText.Of(new ToldNote(box)));
            var scene = new FrameMessage().Scene;
            scene.Place = "";
            scene.Room = new RoomSpec(0, 0);
            var report = new CaptureReport { Boxes = new List<PixelBox> { new PixelBox() }, Told = new[] { new ToldNote(box) }, Place = new PlaceNote(scene) };
            Lines("old_service", connected, report);
            connected.Capabilities = new Dictionary<string, bool> { { "feet", true }, { "surface", true }, { "scene", false } };
            connected.Stats = new Dictionary<string, double> { { "told_feet", 1 }, { "told_surface", 0 }, { "told_scene", 0 }, { "p95_ms", 3 } };
            box.Contacts.Add(new ContactSpec { Side = Sides.Left });
            box.Surface = "PM_Ice";
            scene.Place = "forest";
            scene.Room = new RoomSpec(12.5, 0.25);
            scene.Ambience = false;
            report.Told = new[] { new ToldNote(box) };
            report.Place = new PlaceNote(scene);
            Program.Say("all_told", ToldText.Of(report.Told[0]));
            Lines("service", connected, report);
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

        /// <summary>What a service says of the frames that it used all the same, and of one that it refused.</summary>
        static void Warnings()
        {
            var clock = new MonotonicClock();
            var notices = new NoticeQueue(clock);
            var keeper = new StatusKeeper(new ClientOptions(), clock, new FrameSlot(), new PlaybackRing(), notices);
            foreach (string code in new[] { "depth_looks_reversed", "feet_look_like_centimetres", "feet_look_z_up", "contacts_out_of_time", "depth_out_of_scale", "frames_lost", "bad_value" })
            {
                keeper.OnError(new ErrorMessage(code, "", "a rule", false));
                Notice notice;
                notices.TryTake(out notice);
                Program.Say("told_as", code, notice.Kind);
            }
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
