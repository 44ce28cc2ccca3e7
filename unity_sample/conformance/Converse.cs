// `converse`: a client whose clock, network and game are commands.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace StereoSync.Bridge.Conformance
{
    sealed class Converse
    {
        readonly List<string> _lines = new List<string>();
        readonly HandClock _clock = new HandClock();
        readonly HandTransport _transport;
        readonly ClientStream _stream;
        readonly RateConverter _converter;
        int _sessions;
        int _outputHz; // 0: the stream's rate, whatever it is

        Converse()
        {
            _transport = new HandTransport(_lines);
            var options = new ClientOptions { Name = "conformance", Engine = "none", Package = "0.0.0" };
            var ring = new PlaybackRing();
            _stream = new ClientStream(options, _clock, _transport, new FrameSlot(), ring, new EventLines(_lines), NextSession);
            _converter = new RateConverter(ring);
        }

        string NextSession()
        {
            return (++_sessions).ToString("x32", CultureInfo.InvariantCulture);
        }

        public static int Run(TextReader input, TextWriter output)
        {
            var converse = new Converse();
            string command;
            while ((command = input.ReadLine()) != null)
            {
                if (command.Trim().Length > 0 && !command.StartsWith("#", StringComparison.Ordinal))
                {
                    converse.Answer(command, output);
                }
            }
            return 0;
        }

        void Answer(string command, TextWriter output)
        {
            string[] words = command.Split(new[] { ' ' }, 3);
            _clock.NowS = Lines.Number(words[0]);
            Do(words[1], words.Length > 2 ? words[2] : "");
            foreach (string line in _lines)
            {
                output.WriteLine(line);
            }
            output.WriteLine(".");
            output.Flush();
            _lines.Clear();
        }

        void Do(string verb, string rest)
        {
            switch (verb)
            {
                case "begin": _stream.Client.Begin(); break;
                case "offer": _stream.Offer(GoldenFrames.Plain(long.Parse(rest, CultureInfo.InvariantCulture), _clock.NowS)); break;
                case "offer_told": _stream.Offer(GoldenFrames.Told(long.Parse(rest, CultureInfo.InvariantCulture), _clock.NowS)); break;
                case "device": _stream.Ring.DeviceMs = Lines.Number(rest); break;
                case "receive": Receive(rest.Split(' ')); break;
                case "lost": _transport.BreakConnection(); break;
                case "block": Block(rest.Split(' ')); break;
                case "poll": _stream.Poll(0); break;
                case "read": Listen(int.Parse(rest, CultureInfo.InvariantCulture), false); break;
                case "listen": Listen(int.Parse(rest, CultureInfo.InvariantCulture), true); break;
                case "pause": _stream.Pause(); break;
                case "resume": _stream.Resume(); break;
                case "reset": _stream.Client.Reset(rest); break;
                case "bye": _stream.Client.Bye(rest); break;
                case "output": _outputHz = int.Parse(rest, CultureInfo.InvariantCulture); break;
                default: _lines.Add("unknown"); break;
            }
        }

        void Receive(string[] words)
        {
            _transport.Arrive(words[0], Packed.Unpack(Lines.FromHex(words[1])));
        }

        void Block(string[] words)
        {
            _transport.Block(words[0], words[1] == "1");
        }

        void Listen(int count, bool show)
        {
            var samples = new float[2 * count];
            _converter.Read(samples, count, _outputHz > 0 ? _outputHz : _stream.Ring.SampleRateHz);
            if (show)
            {
                _lines.Add(Sound(samples));
            }
            _lines.Add(RingLine());
        }

        static string Sound(float[] samples)
        {
            var line = new StringBuilder("sound");
            foreach (float sample in samples)
            {
                line.Append(' ').Append(Lines.Show(sample));
            }
            return line.ToString();
        }

        string RingLine()
        {
            PlaybackRing ring = _stream.Ring;
            Playback playback = ring.Playback;
            return string.Join(" ", new[]
            {
                "ring", playback.PlayedSamples.ToString(), Lines.Show(playback.BufferedMs), playback.Underruns.ToString(),
                playback.Epoch.ToString(), ring.Priming ? "1" : "0", ring.LateSamples.ToString(), ring.GapSamples.ToString(),
                ring.SkippedSamples.ToString(),
            });
        }
    }
}
