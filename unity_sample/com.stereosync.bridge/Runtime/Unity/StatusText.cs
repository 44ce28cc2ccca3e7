// The overlay's words. Pure functions.
using System.Collections.Generic;
using System.Globalization;
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>What the capture knows of itself.</summary>
    internal struct CaptureReport
    {
        /// <summary>Whether someone asked for silence.</summary>
        public bool Paused;

        /// <summary>Why nothing is sent, or not all; null if all is well.</summary>
        public string Fault;

        /// <summary>Frames sent per second, lately.</summary>
        public double FramesPerS;

        /// <summary>Size of the picture, px; 0 before the first.</summary>
        public int WidthPx, HeightPx;

        /// <summary>Frames whose pixels never came, and frames not taken because others were under way.</summary>
        public long Failed, Skipped;

        /// <summary>The newest frame's boxes; null before the first.</summary>
        public IList<PixelBox> Boxes;

        /// <summary>What was told of each of them; null before the first.</summary>
        public IList<ToldNote> Told;

        /// <summary>What was told of the place.</summary>
        public PlaceNote Place;
    }

    /// <summary>Says what goes on, and what to do when nothing is heard.</summary>
    internal static class StatusText
    {
        /// <summary>A line each: the state, what to do, the pictures, the sound, what is told of the place, and what the service makes of it.</summary>
        public static List<string> Lines(BridgeStatus status, CaptureReport report)
        {
            var lines = new List<string> { State(status, report), ToDo(status, report) };
            if (status != null && status.State == BridgeState.Connected)
            {
                lines.Add(Pictures(status, report));
                lines.Add(Sound(status));
                lines.Add(ToldText.Place(report.Place));
                lines.Add(ToldText.Heard(status));
                lines.Add(ToldText.Unheard(status, report));
            }
            lines.RemoveAll(string.IsNullOrEmpty);
            return lines;
        }

        static string State(BridgeStatus status, CaptureReport report)
        {
            if (status == null)
            {
                return "StereoSync: stopped";
            }
            string state = "StereoSync: " + status.State.ToString().ToLowerInvariant() + (report.Paused ? ", paused" : "");
            return status.State == BridgeState.Connected
                ? Format("{0}, {1}, round trip {2:0.0} ms", state, status.Bundle, status.RoundTripMs) : state;
        }

        static string ToDo(BridgeStatus status, CaptureReport report)
        {
            if (status == null)
            {
                return "The bridge is not running: look into the console for the reason.";
            }
            if (status.State != BridgeState.Connected)
            {
                return status.Text;
            }
            if (report.Paused || report.Fault != null || status.LastError.Length > 0)
            {
                return report.Fault ?? status.LastError;
            }
            bool nobody = report.Boxes != null && report.Boxes.Count == 0;
            return nobody ? "No character is in the picture: add StereoSync Character to one, or look at it." : "";
        }

        static string Pictures(BridgeStatus status, CaptureReport report)
        {
            int characters = report.Boxes == null ? 0 : report.Boxes.Count;
            return Format("{0:0} pictures a second of {1}x{2}, {3} sent, {4} replaced, {5} skipped, {6} failed; characters in view: {7}",
                report.FramesPerS, report.WidthPx, report.HeightPx, status.FramesSent, status.FramesReplaced, report.Skipped, report.Failed, characters);
        }

        static string Sound(BridgeStatus status)
        {
            return Format("{0:0} ms buffered{1}, {2} underruns, age {3:0} ms; made in {4:0.0} ms with {5} steps",
                status.BufferedMs, status.Priming ? " (priming)" : "", status.Underruns, status.ChunkAgeMs, status.ComputeMs, status.Steps);
        }

        static string Format(string text, params object[] values)
        {
            return string.Format(CultureInfo.InvariantCulture, text, values);
        }
    }
}
