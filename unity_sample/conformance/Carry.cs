// `carry`: the real client without an engine. Three threads: this one reads records, one is the audio callback, one tells
// what happens; the client has its own.
using System;
using System.IO;
using System.Threading;

namespace StereoSync.Bridge.Conformance
{
    sealed class CarryOptions
    {
        public string Control;
        public string Record;
        public int RateHz = 48000;
        public int Block = 256;
        public double SecondsS = double.PositiveInfinity;
        public int Channels = 2;

        public static CarryOptions Parse(string[] arguments)
        {
            var options = new CarryOptions();
            for (int i = 1; i + 1 < arguments.Length; i += 2)
            {
                options.Set(arguments[i], arguments[i + 1]);
            }
            if (options.Control == null || options.Record == null)
            {
                throw new ArgumentException("carry needs --control ADDRESS and --record FILE");
            }
            return options;
        }

        void Set(string name, string value)
        {
            switch (name)
            {
                case "--control": Control = value; break;
                case "--record": Record = value; break;
                case "--rate": RateHz = (int)Lines.Number(value); break;
                case "--block": Block = (int)Lines.Number(value); break;
                case "--seconds": SecondsS = Lines.Number(value); break;
                default: throw new ArgumentException("carry does not know " + name);
            }
        }
    }

    sealed class Carry
    {
        readonly BridgeWorker _worker;
        readonly AudioCallback _audio;
        readonly TextWriter _output;
        readonly double _endS;
        volatile bool _over;

        Carry(CarryOptions options, TextWriter output)
        {
            _output = TextWriter.Synchronized(output);
            _worker = new BridgeWorker(new ClientOptions { ControlAddress = options.Control, Name = "carry", Engine = "none" });
            _audio = new AudioCallback(_worker, options, Say);
            _endS = _worker.NowS + options.SecondsS;
        }

        public static int Run(CarryOptions options, TextWriter output)
        {
            return new Carry(options, output).Run();
        }

        int Run()
        {
            _worker.Start();
            _audio.Start();
            var reading = new Thread(ReadRecords) { IsBackground = true };
            reading.Start();
            while (!_over && _worker.NowS < _endS)
            {
                TellNotices();
                Thread.Sleep(5);
            }
            _audio.Stop();
            TellNotices();
            double roundTripMs = _worker.Status.RoundTripMs;
            _worker.Dispose();
            Say(EndLine(_worker.Status, roundTripMs));
            return 0;
        }

        void Say(string line)
        {
            lock (_output)
            {
                _output.WriteLine(line);
                _output.Flush();
            }
        }

        void TellNotices()
        {
            Notice notice;
            while (_worker.TryTakeNotice(out notice))
            {
                switch (notice.Kind)
                {
                    case NoticeKind.Connected: Say("state connected " + Lines.Show(notice.TimeS)); break;
                    case NoticeKind.Lost: Say("state lost " + Lines.Show(notice.TimeS)); break;
                    default: Say("error " + notice.Code + " " + notice.Text); break;
                }
            }
        }

        void ReadRecords()
        {
            try
            {
                using (var input = new BinaryReader(new BufferedStream(Console.OpenStandardInput(), 1 << 16)))
                {
                    while (ReadRecord(input))
                    {
                    }
                }
            }
            catch (EndOfStreamException)
            {
            }
            _over = true;
        }

        readonly byte[] _kind = new byte[1];

        bool ReadRecord(BinaryReader input)
        {
            if (input.Read(_kind, 0, 1) == 0)
            {
                return false;
            }
            switch ((char)_kind[0])
            {
                case 'T': Say("time " + Lines.Show(_worker.NowS)); break;
                case 'F': OfferFrame(input); break;
                case 'P': _worker.Pause(); break;
                case 'R': _worker.Resume(); break;
                case 'X': _worker.Reset("cut"); break;
                default: throw new EndOfStreamException("no record begins with this byte");
            }
            return true;
        }

        byte[] _record = new byte[1 << 20];
        readonly WireParts _parts = new WireParts();

        void OfferFrame(BinaryReader input)
        {
            int count = input.ReadInt32(), total = 0;
            var lengths = new int[count];
            for (int i = 0; i < count; i++)
            {
                lengths[i] = input.ReadInt32();
                total += lengths[i];
            }
            ReadAll(input, total);
            _parts.Clear();
            for (int i = 0, at = 0; i < count; at += lengths[i], i++)
            {
                _parts.Add(_record, at, lengths[i]);
            }
            FrameMessage frame = _worker.RentFrame();
            FrameReader.Fill(frame, _parts);
            _worker.Offer(frame);
        }

        void ReadAll(BinaryReader input, int total)
        {
            if (_record.Length < total)
            {
                _record = new byte[total];
            }
            for (int at = 0; at < total;)
            {
                int read = input.Read(_record, at, total - at);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }
                at += read;
            }
        }

        string EndLine(BridgeStatus status, double roundTripMs)
        {
            return "end frames_offered=" + status.FramesOffered + " frames_sent=" + status.FramesSent
                + " frames_replaced=" + status.FramesReplaced + " frames_rejected=" + status.FramesRejected
                + " chunks=" + status.Chunks + " sessions=" + status.Sessions + " invalid=" + status.Invalid
                + " underruns=" + status.Underruns + " late_samples=" + status.LateSamples + " gap_samples=" + status.GapSamples
                + " skipped_samples=" + status.SkippedSamples + " buffered_ms=" + Lines.Show(status.BufferedMs)
                + " round_trip_ms=" + Lines.Show(roundTripMs) + " callbacks=" + _audio.Callbacks
                + " callbacks_late=" + _audio.Late + " gc0=" + GC.CollectionCount(0) + " gc2=" + GC.CollectionCount(GC.MaxGeneration)
                + " heap_bytes=" + GC.GetTotalMemory(false);
        }
    }
}
