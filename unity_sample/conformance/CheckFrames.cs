// `check`: lines of FRAME messages in hexadecimal, answered with `ok`, or the code and field that the client itself refuses.
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
                frame.Clear();
                FrameReader.Fill(frame, Packed.Unpack(Lines.FromHex(line.Trim())));
                output.WriteLine(Answer(frame));
            }
            output.Flush();
            return 0;
        }

        static string Answer(FrameMessage frame)
        {
            try
            {
                frame.Check();
                return "ok";
            }
            catch (WireException error)
            {
                return error.Code + " " + error.Field;
            }
        }
    }
}
