// `project`: each line is `cuboid|points NEAR WIDTH HEIGHT M0..M15 X Y Z ...`, answered with `X0 Y0 X1 Y1` or `none`.
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class Project
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
            double near = Lines.Number(words[1]);
            int width = (int)Lines.Number(words[2]), height = (int)Lines.Number(words[3]);
            float[] matrix = Numbers(words, 4, 16), points = Numbers(words, 20, words.Length - 20);
            PixelBox box;
            bool seen = words[0] == "cuboid"
                ? BoxProjector.TryCuboid(points, matrix, near, width, height, out box)
                : BoxProjector.TryPoints(points, points.Length / 3, matrix, near, width, height, out box);
            return seen ? Lines.Show(box.X0) + " " + Lines.Show(box.Y0) + " " + Lines.Show(box.X1) + " " + Lines.Show(box.Y1) : "none";
        }

        static float[] Numbers(string[] words, int from, int count)
        {
            var numbers = new float[count];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = (float)Lines.Number(words[from + i]);
            }
            return numbers;
        }
    }
}
