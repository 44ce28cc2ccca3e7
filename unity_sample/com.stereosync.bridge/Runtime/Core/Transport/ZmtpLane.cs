// One DEALER socket of ZMTP 3.0 with the NULL mechanism, over TCP. Used by the I/O thread; no call blocks but Close, which
// lets a last word leave for at most 100 ms.
using System;
using System.Diagnostics;
using System.Net.Sockets;

namespace StereoSync.Bridge
{
    /// <summary>
    /// Connects, and again every 100 ms until a first connection is up; what was sent before waits. Afterwards a broken connection
    /// stays broken, or if the lane reconnects, is made anew without what waited.
    /// </summary>
    sealed partial class ZmtpLane : IDisposable
    {
        enum State
        {
            Connecting,
            Greeting,
            Shaking,
            Ready,
            Waiting,
            Broken,
        }

        const int LingerMs = 100;
        const int MostUnsentBytes = 16777216;
        const double HeartbeatS = 1, SilenceS = 3, RetryS = 0.1;
        static readonly byte[] Ping = ZmtpText.Ping((int)(10 * SilenceS));

        readonly TcpAddress _address;
        readonly bool _reconnects;
        readonly ZmtpInbox _inbox = new ZmtpInbox();
        readonly ZmtpOutbox _outbox;
        readonly WireParts _unexpected = new WireParts();
        readonly ByteQueue _handshake = new ByteQueue();
        readonly Stopwatch _watch = Stopwatch.StartNew();
        TcpLink _link;
        State _state;
        int _attempt;
        bool _lost;
        bool _peerSpoke; // in this attempt or the last: what was wrong with its words is still the trouble
        double _retryAtS, _pingAtS, _heardAtS;

        /// <summary>Why there is no connection; empty if there is one, or nothing is known.</summary>
        public string Trouble { get; private set; }

        /// <param name="mostMessages">Messages that may wait to be sent.</param>
        /// <param name="reconnects">Whether a connection that broke is made anew.</param>
        public ZmtpLane(TcpAddress address, int mostMessages, bool reconnects)
        {
            _address = address;
            _reconnects = reconnects;
            _outbox = new ZmtpOutbox(mostMessages);
            Trouble = "";
            Connect();
        }

        double NowS
        {
            get { return _watch.Elapsed.TotalSeconds; }
        }

        /// <summary>The socket to wait for; null while there is none.</summary>
        public Socket Socket
        {
            get { return _link == null ? null : _link.Socket; }
        }

        /// <summary>Whether to wait until the socket can be written.</summary>
        public bool WantsToWrite
        {
            get { return _state == State.Connecting || _handshake.Count > 0 || (_state == State.Ready && _outbox.Bytes.Count > 0); }
        }

        /// <summary>Whether a connection that was up is gone since the last call.</summary>
        public bool TakeLost()
        {
            bool lost = _lost;
            _lost = false;
            return lost;
        }

        public bool Send(WireParts parts)
        {
            if (_state == State.Broken || !_outbox.TryAdd(parts))
            {
                return false;
            }
            Flush();
            return true;
        }

        /// <summary>The next message that has come; valid until the next call.</summary>
        public bool TryReceive(WireParts parts)
        {
            Advance();
            while (_state == State.Ready)
            {
                ZmtpItem item = _inbox.Next(parts);
                if (item == ZmtpItem.Message)
                {
                    return true;
                }
                if (item == ZmtpItem.Command)
                {
                    OnCommand();
                }
                else if (item == ZmtpItem.Broken)
                {
                    Break(_inbox.Trouble);
                }
                else if (!Receive())
                {
                    return false;
                }
            }
            return false;
        }

        /// <summary>Connects, shakes hands, keeps the heartbeat, sends what waits.</summary>
        public void Advance()
        {
            double nowS = NowS;
            if (_state == State.Waiting && nowS >= _retryAtS)
            {
                Connect();
            }
            if (_state == State.Connecting)
            {
                AdvanceConnecting();
            }
            while ((_state == State.Greeting || _state == State.Shaking) && (ShakeHands() || Receive()))
            {
            }
            if (_state == State.Ready)
            {
                Beat(nowS);
            }
            Flush();
        }

        bool Receive()
        {
            if (_link == null)
            {
                return false;
            }
            ByteQueue bytes = _inbox.Receiving();
            bytes.Reserve(4096);
            int received = _link.Receive(bytes.Data, bytes.End, bytes.Free);
            bytes.Added(received);
            if (received > 0)
            {
                _heardAtS = NowS;
                _peerSpoke = true;
            }
            else if (_link.Trouble != null)
            {
                Break(_link.Trouble);
            }
            return received > 0;
        }

        void OnCommand()
        {
            byte[] data = _inbox.Data;
            int start = _inbox.CommandStart, count = _inbox.CommandCount;
            bool isPing = ZmtpText.IsCommand(data, start, count, "PING") && count >= 7 && count - 7 <= 16;
            if (isPing && _outbox.Bytes.Count < MostUnsentBytes) // a peer that asks and never reads must not fill the memory
            {
                byte[] pong = ZmtpText.Pong(count - 7);
                _outbox.AddCommand(pong, 0, pong.Length);
                _outbox.AddCommand(data, start + 7, count - 7);
            }
            else if (ZmtpText.IsCommand(data, start, count, "ERROR"))
            {
                Break(ZmtpText.ReadyTrouble(data, start, count));
            }
        }

        void Beat(double nowS)
        {
            if (nowS >= _pingAtS)
            {
                _outbox.AddCommand(Ping, 0, Ping.Length);
                _pingAtS = nowS + HeartbeatS;
            }
        }

        void Flush()
        {
            if (_state == State.Greeting || _state == State.Shaking || _state == State.Ready)
            {
                _handshake.Take(Push(_handshake));
            }
            if (_state == State.Ready && _handshake.Count == 0)
            {
                _outbox.Sent(Push(_outbox.Bytes));
            }
        }

        int Push(ByteQueue bytes)
        {
            return bytes.Count == 0 ? 0 : _link.Send(bytes.Data, bytes.Start, bytes.Count);
        }

        /// <summary>Notices a peer that fell silent. Called after everything that came was read.</summary>
        public void CheckSilence()
        {
            if (_state == State.Ready && NowS - _heardAtS > SilenceS)
            {
                Break("the server fell silent");
            }
        }

        void Break(string trouble)
        {
            bool wasReady = _state == State.Ready;
            Trouble = trouble;
            _lost |= wasReady;
            _link.Dispose();
            _link = null;
            if (wasReady)
            {
                _outbox.Clear();
            }
            _state = wasReady && !_reconnects ? State.Broken : State.Waiting;
            _retryAtS = NowS + RetryS;
        }

        public void Dispose()
        {
            if (_state == State.Ready)
            {
                Linger();
            }
            if (_link != null)
            {
                _link.Dispose();
            }
        }

        void Linger()
        {
            Stopwatch watch = Stopwatch.StartNew();
            Flush();
            while (_state == State.Ready && _outbox.Bytes.Count > 0 && watch.ElapsedMilliseconds < LingerMs)
            {
                Socket.Poll(10000, SelectMode.SelectWrite);
                Flush();
            }
            if (_state == State.Ready)
            {
                _link.Finish();
            }
            while (_state == State.Ready && watch.ElapsedMilliseconds < LingerMs)
            {
                Socket.Poll(10000, SelectMode.SelectRead); // closing with bytes unread would cut off what was sent
                Receive();
            }
        }
    }
}
