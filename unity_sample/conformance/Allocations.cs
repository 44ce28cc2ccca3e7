// `allocations`: collections of the youngest generation while an audio callback reads, and the same for a loop that allocates.
using System;
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class Allocations
    {
        const int Blocks = 100000;
        const int Block = 256;

        public static int Run(TextWriter output)
        {
            var worker = new BridgeWorker(new ClientOptions());
            var data = new float[2 * Block];
            output.WriteLine("silent " + Collections(() => worker.Read(data, 2, 48000)));
            output.WriteLine("playing " + Collections(new Player().Read));
            output.WriteLine("control " + Collections(() => data = new float[2 * Block]));
            output.Flush();
            return data.Length > 0 ? 0 : 1;
        }

        static int Collections(Action action)
        {
            action();
            GC.Collect();
            int before = GC.CollectionCount(0);
            for (int i = 0; i < Blocks; i++)
            {
                action();
            }
            return GC.CollectionCount(0) - before;
        }

        // Writes as much as is read; now and then the rate changes, the sound runs out, or the stream leaps.
        sealed class Player
        {
            readonly PlaybackRing _ring = new PlaybackRing();
            readonly RateConverter _converter;
            readonly float[] _data = new float[2 * Frames];
            long _position;
            int _count;

            const int Frames = 48;

            public Player()
            {
                _converter = new RateConverter(_ring);
            }

            public void Read()
            {
                _count++;
                if (_count % 100 < 90)
                {
                    _ring.Write(0, _position, _data, Frames);
                }
                _position += _count % 10000 == 0 ? 90000 : Frames;
                _converter.Read(_data, Frames, _count % 1000 < 500 ? 44100 : 48000);
            }
        }
    }
}
