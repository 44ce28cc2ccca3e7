// Gaits as JSON, in the form that stereosync-fit reads. Pure, but for the look at which names are taken.
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using UnityEngine;

namespace StereoSync
{
    /// <summary>The text and the name of a file of gaits.</summary>
    internal static class GaitFile
    {
        const string Decimals = "0.####"; // a tenth of a millimetre

        /// <summary>A path in a folder where no file is yet.</summary>
        public static string FreePath(string folder, string body)
        {
            string stem = Path.Combine(folder, string.Join("_", body.Split(Path.GetInvalidFileNameChars())) + "-gaits");
            string path = stem + ".json";
            for (int number = 2; File.Exists(path); number++)
            {
                path = stem + "-" + number + ".json";
            }
            return path;
        }

        /// <summary>The whole file.</summary>
        public static string Text(string body, List<ClipGait> gaits)
        {
            var text = new StringBuilder();
            text.Append("{\"format\": \"stereosync-gaits\", \"version\": 1, \"body\": ").Append(Quoted(body)).Append(", \"gaits\": [");
            for (int i = 0; i < gaits.Count; i++)
            {
                text.Append(i == 0 ? "\n" : ",\n");
                AddGait(text, gaits[i]);
            }
            return text.Append("\n]}\n").ToString();
        }

        static void AddGait(StringBuilder text, ClipGait gait)
        {
            text.Append("{\"name\": ").Append(Quoted(gait.Name));
            text.Append(", \"period_s\": ").Append(Number(gait.PeriodS)).Append(", \"way_m\": ").Append(Number(gait.WayM));
            text.Append(", \"contacts\": {\"left\": ").Append(Number(gait.LeftPhase));
            text.Append(", \"right\": ").Append(Number(gait.RightPhase)).Append("}, ");
            if (gait.LeftFoot.HasValue && gait.RightFoot.HasValue)
            {
                text.Append("\"feet\": {\"left\": [").Append(gait.LeftFoot.Value).Append("], \"right\": [").Append(gait.RightFoot.Value).Append("]}, ");
            }
            text.Append("\"points_m\": [");
            for (int i = 0; i < gait.FramesM.Count; i++)
            {
                text.Append(i == 0 ? "\n[" : ",\n[");
                AddPoints(text, gait.FramesM[i]);
                text.Append("]");
            }
            text.Append("]}");
        }

        static void AddPoints(StringBuilder text, Vector3[] points)
        {
            for (int i = 0; i < points.Length; i++)
            {
                text.Append(i == 0 ? "[" : ", [").Append(Number(points[i].x)).Append(", ").Append(Number(points[i].y));
                text.Append(", ").Append(Number(points[i].z)).Append("]");
            }
        }

        static string Number(float number)
        {
            return number.ToString(Decimals, CultureInfo.InvariantCulture);
        }

        static string Quoted(string words)
        {
            var text = new StringBuilder("\"");
            foreach (char letter in words)
            {
                if (letter < ' ' || letter == '"' || letter == '\\')
                {
                    text.Append("\\u").Append(((int)letter).ToString("x4"));
                }
                else
                {
                    text.Append(letter);
                }
            }
            return text.Append('"').ToString();
        }
    }
}
