// The half of BridgeClient that handles what came.
namespace StereoSync.Bridge
{
    public sealed partial class BridgeClient
    {
        const int MaxFieldChars = 128, MaxRuleChars = 512;

        void OnParts(WireParts parts)
        {
            if (_session == null)
            {
                return;
            }
            try
            {
                MessageKind kind = _reader.Read(parts);
                bool early = kind != MessageKind.Welcome && kind != MessageKind.Error && kind != MessageKind.Bye;
                if (_session.Welcome == null && early)
                {
                    return;
                }
                _session.LastHeardS = _clock.NowS;
                OnMessage(kind);
            }
            catch (WireException error)
            {
                OnBrokenRule(error);
            }
        }

        void OnMessage(MessageKind kind)
        {
            switch (kind)
            {
                case MessageKind.Welcome: OnWelcome(_reader.Welcome); break;
                case MessageKind.Audio: OnAudio(_reader.Audio); break;
                case MessageKind.Credit: _session.TakeCredit(_reader.Credit); break;
                case MessageKind.Pong: _session.TakeEcho(_reader.Pong.Echo, _reader.Pong.Credit); break;
                case MessageKind.Stats: _events.OnStats(_reader.Stats); break;
                case MessageKind.Error: OnError(_reader.Error); break;
                case MessageKind.Bye: OnBye(_reader.ByeReason); break;
            }
        }

        void OnWelcome(Welcome welcome)
        {
            if (welcome.Session != _session.Id)
            {
                return;
            }
            _session.TakeWelcome(welcome);
            ForgetPlayed(welcome.Epoch);
            TcpAddress control = TcpAddress.Parse(_options.ControlAddress);
            _framesAddress = _options.FramesAddress ?? control.WithPort(welcome.FramesPort).ToString();
            _transport.OpenFrames(_framesAddress);
            _events.OnWelcomed(welcome);
        }

        // What was reported last is of another session; the device is the same.
        void ForgetPlayed(long epoch)
        {
            if (_playback.HasValue)
            {
                _playback = new Playback { Epoch = epoch, DeviceMs = _playback.Value.DeviceMs };
            }
        }

        void OnAudio(AudioMessage audio)
        {
            _session.TakeCredit(audio.Credit);
            _session.Answered |= audio.CaptureClientS.HasValue;
            audio.ReadSamples();
            if (audio.Count > 0)
            {
                _events.OnAudio(audio);
            }
        }

        void OnError(ErrorMessage error)
        {
            _session.Answered |= !error.Fatal;
            _events.OnError(error);
            if (!error.Fatal)
            {
                return;
            }
            bool gone = error.Code == ErrorCodes.HelloFirst || error.Code == ErrorCodes.UnknownSession;
            Lose(error.Rule, gone ? 0 : error.Code == ErrorCodes.ServerFull ? RetryS : (double?)null);
        }

        void OnBye(string reason)
        {
            Lose("the server ended the session: " + (reason.Length > 0 ? reason : "no reason given"), 0);
        }

        // A server of another version will not become readable: no other HELLO.
        void OnBrokenRule(WireException error)
        {
            Invalid++;
            bool fatal = error.Code == ErrorCodes.WrongVersion;
            _events.OnError(new ErrorMessage(error.Code, Cut(error.Field, MaxFieldChars), Cut(error.Rule, MaxRuleChars), fatal));
            if (fatal)
            {
                Lose(error.Rule, null);
            }
        }

        static string Cut(string text, int most)
        {
            return text.Length <= most ? text : text.Substring(0, most);
        }
    }
}
