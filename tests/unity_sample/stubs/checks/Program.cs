// Runs one check of the Unity layer against the stubs and prints what it found, a "name value ..." line each. The Python test judges.
using System;
using System.Globalization;
using System.Threading;

namespace StereoSync.Checks
{
    internal static class Program
    {
        static int Main(string[] arguments)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            switch (arguments[0])
            {
                case "gait": GaitCheck.Run(); return 0;
                case "boxes": BoxCheck.Run(); return 0;
                case "sample": SampleCheck.Run(); return 0;
                case "capture": CaptureCheck.Run(); return 0;
                case "lifetime": LifetimeCheck.Run(arguments[1]); return 0;
                case "told": ToldCheck.Run(); return 0;
                case "contacts": ContactCheck.Run(); return 0;
                case "places": PlaceCheck.Run(); return 0;
                case "finder": FinderCheck.Run(); return 0;
                case "export": ExportCheck.Run(arguments[1]); return 0;
                case "player": PlayerCheck.Run(); return 0;
                case "words": WordCheck.Run(arguments[1], arguments[2]); return 0;
                case "play": PlayCheck.Run(arguments[1], double.Parse(arguments[2]), int.Parse(arguments[3])); return 0;
                default: return 2;
            }
        }

        /// <summary>One line of the answer; numbers with all their digits.</summary>
        public static void Say(string name, params object[] values)
        {
            var words = Array.ConvertAll(values, v => v is double || v is float ? Convert.ToDouble(v).ToString("R") : Convert.ToString(v ?? "nil"));
            Console.WriteLine(name + " " + string.Join(" ", words));
        }
    }
}
