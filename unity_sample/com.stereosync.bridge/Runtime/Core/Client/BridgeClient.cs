// What an engine plug-in does on the wire, decision by decision as the Python client: bridge/CONFORMANCE.md.
// One thread makes every call; no call blocks longer than Poll is told to. The clock and the transport are passed in.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Sends frames, receives chunks. The frame to be sent is taken from a slot, into which any thread may put one.</summary>
    public sealed partial class BridgeClient : IDisposable
    {
        const double RetryS = 2;

        readonly ClientOptions _options;
        readonly IClock _clock;
        readonly ITransport _transport;
        readonly FrameSlot _slot;
        readonly IClientEvents _events;
        readonly Func<string> _newId;
        readonly MessageReader _reader = new MessageReader();
        readonly MessageWriter _writer = new MessageWriter();
        readonly WireParts _received = new WireParts();
        Playback? _playback; // null until something is reported
        ClientSession _session;
        string _framesAddress;
        double? _retryAtS; // when HELLO is said next, while there is no session

        /// <summary>A client that has not begun.</summary>
        /// <param name="newId">Gives the session's id for each HELLO; null for random ones.</param>
        /// <exception cref="ArgumentException">The options' addresses cannot be used.</exception>
        public BridgeClient(
            ClientOptions options, IClock clock, ITransport transport, FrameSlot slot, IClientEvents events, Func<string> newId)
        {
            options.Check();
            _options = options;
            _clock = clock;
            _transport = transport;
            _slot = slot;
            _events = events;
            _newId = newId ?? (() => Guid.NewGuid().ToString("N"));
        }

        /// <summary>WELCOME of the present session; null while there is none.</summary>
        public Welcome Welcome
        {
            get { return _session == null ? null : _session.Welcome; }
        }

        /// <summary>Whether the service welcomed this client.</summary>
        public bool Connected
        {
            get { return Welcome != null; }
        }

        /// <summary>Whether there is no session and none is tried for.</summary>
        public bool AtRest
        {
            get { return _session == null && !_retryAtS.HasValue; }
        }

        /// <summary>Server clock minus client clock, s; 0 before WELCOME.</summary>
        public double ClockOffsetS
        {
            get { return _session == null ? 0 : _session.Clock.OffsetS; }
        }

        /// <summary>Shortest recent round trip, s; 0 before WELCOME.</summary>
        public double RoundTripS
        {
            get { return _session == null ? 0 : _session.Clock.RoundTripS; }
        }

        /// <summary>Frames sent, over all sessions.</summary>
        public long FramesSent { get; private set; }

        /// <summary>Messages that broke a rule.</summary>
        public long Invalid { get; private set; }

        /// <summary>Starts connecting; Poll then tells of WELCOME.</summary>
        public void Begin()
        {
            _retryAtS = null;
            _transport.OpenControl(_options.ControlAddress);
            double nowS = _clock.NowS;
            _session = new ClientSession(_newId(), nowS);
            _transport.SendControl(_writer.Hello(_session.Id, _options, nowS));
        }

        /// <summary>Puts a frame into the slot, in place of one that has not been sent yet; sends it if there is a credit.</summary>
        /// <exception cref="WireException">The frame breaks a rule of the wire; it was not taken.</exception>
        public void Offer(FrameMessage frame)
        {
            frame.Check();
            _slot.Put(frame);
            Flush();
        }

        /// <summary>
        /// What the ring says; goes out with the next frame and the next ping. A client that never says so is believed to play what it gets
        /// from the first chunk on.
        /// </summary>
        /// <exception cref="WireException">A value breaks a rule of the wire; it was not taken.</exception>
        public void ReportPlayback(Playback playback)
        {
            playback.Check();
            _playback = playback;
        }

        /// <summary>Waits at most this long for messages and handles all that came; also pings, reconnects and sends.</summary>
        public void Poll(double timeoutMs)
        {
            _transport.Wait(timeoutMs);
            ClientSession session = _session;
            bool broken = _transport.TakeLost(); // first, so that a last word is read before
            while (_transport.TryReceive(_received))
            {
                OnParts(_received);
            }
            if (broken && Connected && _session == session)
            {
                Lose("the connection to the server broke", 0);
            }
            KeepAlive();
            Flush();
        }

        /// <summary>Tells the server, if there is a session, that the scene was cut.</summary>
        /// <param name="reason">Printable, 256 characters at most.</param>
        /// <exception cref="WireException">The reason is longer or holds what cannot be printed.</exception>
        public void Reset(string reason)
        {
            FieldRules.Text(reason, 256, "reason");
            if (Connected)
            {
                _transport.SendControl(_writer.Reset(reason));
            }
        }

        /// <summary>Ends the session; nothing is sent or received afterwards until Begin.</summary>
        /// <exception cref="WireException">The reason is longer than 256 characters or holds what cannot be printed.</exception>
        public void Bye(string reason)
        {
            FieldRules.Text(reason, 256, "reason");
            if (Connected)
            {
                _transport.SendControl(_writer.Bye(reason));
            }
            End();
        }

        /// <summary>Says bye and releases the sockets.</summary>
        public void Dispose()
        {
            Bye("the client stops");
            _transport.Dispose();
        }

        void Flush()
        {
            if (_session == null || !_session.MaySend)
            {
                return;
            }
            FrameMessage frame = _slot.Take();
            if (frame == null)
            {
                return;
            }
            if (!_transport.SendFrame(_writer.Frame(frame, Stamp())))
            {
                _slot.PutBack(frame);
                return;
            }
            _session.CountSent(_clock.NowS);
            FramesSent++;
            frame.Release();
        }

        FrameStamp Stamp()
        {
            return new FrameStamp
            {
                Session = _session.Id,
                Sent = _session.FramesSent + 1,
                ClockOffsetS = _session.Clock.OffsetS,
                Playback = _playback,
            };
        }

        void KeepAlive()
        {
            double nowS = _clock.NowS;
            if (_session != null && _session.IsLost(nowS))
            {
                Lose("nothing heard from the server for three heartbeats", 0);
            }
            else if (_session != null && _session.Welcome == null && nowS >= _session.SaidHelloS + RetryS)
            {
                _events.OnUnanswered(NoAnswer());
                Begin();
            }
            else if (_session != null && _session.PingDue(nowS))
            {
                _transport.SendControl(_writer.Ping(nowS, _session.FramesSent, _playback));
            }
            if (_session != null && _session.FramesAreLost(nowS))
            {
                _events.OnError(new ErrorMessage(ErrorCodes.FramesLost, "frames", NoFrameUsed(), false));
            }
            if (_retryAtS.HasValue && nowS >= _retryAtS.Value)
            {
                Begin();
            }
        }

        string NoFrameUsed()
        {
            return _session.FramesSent + " frames were sent to " + _framesAddress + " and none was used: its port is not reachable though the "
                + "other is (stereosync-serve --frames-bind, a firewall, a port that is not published), or the frames are above 16 MiB";
        }

        string NoAnswer()
        {
            string causes = _transport.Trouble;
            if (causes.Length == 0)
            {
                string keys = _options.Curve == null
                    ? "the server demands CURVE keys and this client has none"
                    : "this client's key is not in the server's allow-list, or the server's public key is another one";
                causes = "the server is not running, the address is another, a firewall is in the way, or " + keys;
            }
            return "no answer from " + _options.ControlAddress + " in " + RetryS + " s: " + causes;
        }

        // Drops the session; tries for another after a while, or never if null.
        void Lose(string reason, double? retryInS)
        {
            bool wasConnected = Connected;
            End();
            if (retryInS.HasValue && _options.Reconnect)
            {
                _retryAtS = _clock.NowS + retryInS.Value;
            }
            if (wasConnected)
            {
                _events.OnDisconnected(reason);
            }
        }

        void End()
        {
            _session = null;
            _retryAtS = null;
            _transport.CloseSockets();
        }
    }
}
