// `spread`: each line is `CHANNELS L R L R ...`, answered with the samples of all channels in turn.
using System.IO;
using System.Text;

namespace StereoSync.Bridge.Conformance
{
    static class Spread
    {
        public static int Run(TextReader input, TextWriter output)
        {
            string line;
            while ((line = input.ReadLine()) != null)
            {
                output.WriteLine(Answer(line.Split(' ')));
            }
            output.Flush();
            return 0;
        }

        static string Answer(string[] words)
        {
            int channels = (int)Lines.Number(words[0]), count = (words.Length - 1) / 2;
            var stereo = new float[2 * count];
            for (int i = 0; i < stereo.Length; i++)
            {
                stereo[i] = (float)Lines.Number(words[1 + i]);
            }
            var data = new float[count * channels];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = 9; // what the buffer held before must not shine through
            }
            ChannelLayout.Spread(stereo, count, data, 0, channels);
            var text = new StringBuilder();
            foreach (float sample in data)
            {
                text.Append(text.Length > 0 ? " " : "").Append(Lines.Show(sample));
            }
            return text.ToString();
        }
    }
}
