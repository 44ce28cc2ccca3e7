// `words`: lines of UTF-16 in hexadecimal, big endian, each answered with the UTF-8 that goes out for it as a word of a game.
using System.IO;
using System.Text;

namespace StereoSync.Bridge.Conformance
{
    static class Words
    {
        public static int Run(TextReader input, TextWriter output)
        {
            string line;
            while ((line = input.ReadLine()) != null)
            {
                byte[] utf16 = Lines.FromHex(line.Trim());
                var text = new StringBuilder();
                for (int i = 0; i < utf16.Length; i += 2)
                {
                    text.Append((char)(utf16[i] << 8 | utf16[i + 1]));
                }
                output.WriteLine(Again(text.ToString()));
            }
            output.Flush();
            return 0;
        }

        static string Again(string text)
        {
            var writer = new MsgpackWriter();
            writer.Word(text);
            var reader = new MsgpackReader();
            reader.Load(writer.Buffer, 0, writer.Count);
            MsgpackToken token = reader.Next();
            return Lines.ToHex(writer.Buffer, token.Start, token.Count);
        }
    }
}
