// A sound card made of a thread: takes a block every block / rate seconds by the clock, however late it wakes.
using System;
using System.IO;
using System.Threading;

namespace StereoSync.Bridge.Conformance
{
    sealed class AudioCallback
    {
        readonly BridgeWorker _worker;
        readonly CarryOptions _options;
        readonly Action<string> _say;
        readonly Thread _thread;
        volatile bool _stop;

        /// <summary>Blocks taken.</summary>
        public long Callbacks { get; private set; }

        /// <summary>Blocks that were taken more than a block after their time.</summary>
        public long Late { get; private set; }

        public AudioCallback(BridgeWorker worker, CarryOptions options, Action<string> say)
        {
            _worker = worker;
            _options = options;
            _say = say;
            _thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest };
        }

        public void Start()
        {
            _thread.Start();
        }

        public void Stop()
        {
            _stop = true;
            _thread.Join();
        }

        void Run()
        {
            var data = new float[_options.Block * _options.Channels];
            var bytes = new byte[4 * data.Length];
            double blockS = (double)_options.Block / _options.RateHz, startS = _worker.NowS;
            using (var file = new FileStream(_options.Record, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16))
            {
                _say("playing " + Lines.Show(startS));
                while (!_stop)
                {
                    WaitUntil(startS + Callbacks * blockS, blockS);
                    _worker.Read(data, _options.Channels, _options.RateHz);
                    Buffer.BlockCopy(data, 0, bytes, 0, bytes.Length);
                    file.Write(bytes, 0, bytes.Length);
                    Callbacks++;
                }
            }
        }

        void WaitUntil(double timeS, double blockS)
        {
            double leftS = timeS - _worker.NowS;
            Late += leftS < -blockS ? 1 : 0;
            if (leftS > 0)
            {
                Thread.Sleep((int)Math.Ceiling(1000 * leftS));
            }
        }
    }
}
