// The test program of the C# client: bridge/CONFORMANCE.md says what each mode does.
using System;
using System.Globalization;
using System.Threading;

namespace StereoSync.Bridge.Conformance
{
    static class Program
    {
        const string Usage = "usage: converse | golden FOLDER | recode | "
            + "carry --control ADDRESS --record FILE [--rate HZ] [--block N] [--seconds S] | echo ADDRESS COUNT | "
            + "check | project | spread | lifecycle | allocations | telling | words";

        static int Main(string[] arguments)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            string mode = arguments.Length > 0 ? arguments[0] : "";
            switch (mode)
            {
                case "converse": return Converse.Run(Lines.In, Lines.Out);
                case "golden": return Golden.Run(arguments[1], Lines.Out);
                case "recode": return Recode.Run(Lines.In, Lines.Out);
                case "carry": return Carry.Run(CarryOptions.Parse(arguments), Lines.Out);
                case "echo": return Echoes.Run(arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture), Lines.Out);
                case "check": return CheckFrames.Run(Lines.In, Lines.Out);
                case "project": return Project.Run(Lines.In, Lines.Out);
                case "spread": return Spread.Run(Lines.In, Lines.Out);
                case "lifecycle": return Lifecycle.Run(Lines.Out);
                case "allocations": return Allocations.Run(Lines.Out);
                case "telling": return Telling.Run(Lines.Out);
                case "words": return Words.Run(Lines.In, Lines.Out);
                default: Console.Error.WriteLine(Usage); return 2;
            }
        }
    }
}
