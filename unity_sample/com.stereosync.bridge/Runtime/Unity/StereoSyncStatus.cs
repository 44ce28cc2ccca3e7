// Draws the overlay. Main thread only.
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>State, counters and boxes over the game's picture. The bridge adds it where its toggle says so.</summary>
    [AddComponentMenu("")]
    internal sealed class StereoSyncStatus : MonoBehaviour
    {
        const float LeftPx = 8;
        const float LinePx = 20;
        const float WidthPx = 900;
        const float LabelPx = 400;

        StereoSyncBridge _bridge;

        void Awake()
        {
            _bridge = GetComponent<StereoSyncBridge>();
        }

        void OnGUI()
        {
            CaptureReport report = _bridge.Report;
            DrawLines(StatusText.Lines(_bridge.Status, report));
            if (report.Boxes != null)
            {
                DrawBoxes(report);
            }
        }

        static void DrawLines(List<string> lines)
        {
            GUI.Box(new Rect(LeftPx, LeftPx, WidthPx, lines.Count * LinePx + LeftPx), "");
            for (int i = 0; i < lines.Count; i++)
            {
                GUI.Label(new Rect(2 * LeftPx, LeftPx + i * LinePx, WidthPx, 1.2f * LinePx), lines[i]);
            }
        }

        /// <summary>The capture has the game's vertical angle and its own aspect: heights agree, and the middles.</summary>
        static void DrawBoxes(CaptureReport report)
        {
            float scale = (float)Screen.height / report.HeightPx;
            float leftPx = (Screen.width - scale * report.WidthPx) / 2;
            for (int i = 0; i < report.Boxes.Count; i++)
            {
                PixelBox box = report.Boxes[i];
                float widthPx = (float)(box.X1 - box.X0) * scale, heightPx = (float)(box.Y1 - box.Y0) * scale;
                float x = leftPx + (float)box.X0 * scale, y = (float)box.Y0 * scale;
                GUI.Box(new Rect(x, y, widthPx, heightPx), "");
                GUI.Label(new Rect(x, y + heightPx, LabelPx, 1.2f * LinePx), ToldText.Of(report.Told[i]));
            }
        }
    }
}
