// `check`: lines of FRAME messages in hexadecimal, answered with `ok`, or the code and field that the client itself refuses,
// or `no frame` where its own types cannot hold it.
using System;
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class CheckFrames
    {
        public static int Run(TextReader input, TextWriter output)
        {
            var frame = new FrameMessage();
            string line;
            while ((line = input.ReadLine()) != null)
            {
                output.WriteLine(Answer(frame, Packed.Unpack(Lines.FromHex(line.Trim()))));
            }
            output.Flush();
            return 0;
        }

        static void CheckPlayback(Playback? playback)
        {
            if (playback.HasValue)
            {
                playback.Value.Check();
            }
        }

        static string Answer(FrameMessage frame, WireParts parts)
        {
            try
            {
                frame.Clear();
                FrameReader.Fill(frame, parts);
                frame.Check();
                CheckPlayback(FrameReader.Stamp(parts).Playback);
                return "ok";
            }
            catch (ArgumentException)
            {
                return "no frame";
            }
            catch (WireException error)
            {
                return error.Code + " " + error.Field;
            }
        }
    }
}
