// `recode`: lines of hexadecimal msgpack, each written again, or `bad`.
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class Recode
    {
        public static int Run(TextReader input, TextWriter output)
        {
            var writer = new MsgpackWriter();
            string line;
            while ((line = input.ReadLine()) != null)
            {
                output.WriteLine(Again(Lines.FromHex(line.Trim()), writer));
            }
            output.Flush();
            return 0;
        }

        static string Again(byte[] data, MsgpackWriter writer)
        {
            try
            {
                writer.Clear();
                Value.Read(data, 0, data.Length).Write(writer);
                return Lines.ToHex(writer.Buffer, 0, writer.Count);
            }
            catch (WireException)
            {
                return "bad";
            }
        }
    }
}
