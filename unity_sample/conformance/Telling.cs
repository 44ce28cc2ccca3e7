// `telling`: what it costs to fill, check and write a frame of four characters, with and without all that can be told, and the same for a
// loop that allocates. Each line is `NAME BYTES US`: bytes allocated and microseconds, per frame.
using System;
using System.Diagnostics;
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    sealed class Telling
    {
        const int Characters = 4, Frames = 500, Rounds = 60;
        const double TimeS = 100;

        readonly FrameMessage _frame = new FrameMessage();
        readonly MessageWriter _writer = new MessageWriter();
        readonly FrameStamp _stamp = new FrameStamp { Session = "0123456789abcdef0123456789abcdef", Playback = new Playback { DeviceMs = 40 } };

        public static int Run(TextWriter output)
        {
            var telling = new Telling();
            object kept = null;
            output.WriteLine("plain " + Cost(() => telling.Write(false)));
            output.WriteLine("told " + Cost(() => telling.Write(true)));
            output.WriteLine("control " + Cost(() => kept = new object()));
            output.Flush();
            return kept == null ? 1 : 0;
        }

        // The quickest of the rounds, for the machine does other things besides.
        static string Cost(Action action)
        {
            action();
            action(); // lists have grown
            double us = double.PositiveInfinity;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < Frames; i++)
                {
                    action();
                }
                double roundUs = 1e6 * (Stopwatch.GetTimestamp() - start) / Stopwatch.Frequency / Frames;
                us = roundUs < us ? roundUs : us;
            }
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            return bytes / (double)(Rounds * Frames) + " " + Lines.Show(us);
        }

        void Write(bool told)
        {
            _frame.Clear();
            GoldenFrames.FillPlain(_frame);
            _frame.CaptureClientS = TimeS;
            for (int i = 0; i < Characters; i++)
            {
                BoxSpec box = GoldenFrames.AddBox(_frame, i, "walker", 0.25, 0.5, 2.75, 1.875);
                if (told)
                {
                    GoldenFrames.TellWalk(box, TimeS + 0.2);
                }
            }
            if (told)
            {
                GoldenFrames.TellPlace(_frame.Scene);
            }
            _frame.Check();
            _writer.Frame(_frame, _stamp);
        }
    }
}
