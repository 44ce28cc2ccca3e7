// The transport that needs nothing but sockets: ZMTP 3.0 over TCP without encryption. Used by the I/O thread; Wake by any.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Net.Sockets;

namespace StereoSync.Bridge
{
    /// <summary>The control and the frame lane as plain TCP connections.</summary>
    public sealed class ZmtpTransport : ITransport
    {
        const int ControlWaiting = 64; // messages
        const double LongestWaitMs = 50; // names, retries and heartbeats are looked after this often

        readonly WakeSocket _wake = new WakeSocket();
        readonly List<Socket> _readable = new List<Socket>();
        readonly List<Socket> _writable = new List<Socket>();
        ZmtpLane _control;
        ZmtpLane _frames;

        /// <summary>A transport without sockets yet.</summary>
        /// <exception cref="ArgumentException">The options have CURVE keys.</exception>
        public ZmtpTransport(ClientOptions options)
        {
            if (options.Curve != null)
            {
                _wake.Dispose();
                throw new ArgumentException("this transport has no CURVE: use the NetMQ transport, or take the keys out of the options");
            }
        }

        /// <inheritdoc/>
        public string Trouble
        {
            get { return _control == null ? "" : _control.Trouble; }
        }

        /// <inheritdoc/>
        public void OpenControl(string address)
        {
            CloseSockets();
            _control = new ZmtpLane(TcpAddress.Parse(address), ControlWaiting, false);
        }

        /// <inheritdoc/>
        public void OpenFrames(string address)
        {
            if (_frames != null)
            {
                _frames.Dispose();
            }
            _frames = new ZmtpLane(TcpAddress.Parse(address), 1, true);
        }

        /// <inheritdoc/>
        public bool SendControl(WireParts parts)
        {
            return _control != null && _control.Send(parts);
        }

        /// <inheritdoc/>
        public bool SendFrame(WireParts parts)
        {
            return _frames != null && _frames.Send(parts);
        }

        /// <inheritdoc/>
        public bool TryReceive(WireParts parts)
        {
            if ((_control != null && _control.TryReceive(parts)) || (_frames != null && _frames.TryReceive(parts)))
            {
                return true;
            }
            CheckSilence(_control);
            CheckSilence(_frames);
            return false;
        }

        static void CheckSilence(ZmtpLane lane)
        {
            if (lane != null)
            {
                lane.CheckSilence();
            }
        }

        /// <inheritdoc/>
        public void Wait(double timeoutMs)
        {
            Advance(_control);
            Advance(_frames);
            _readable.Clear();
            _writable.Clear();
            _readable.Add(_wake.Socket);
            AddSockets(_control);
            AddSockets(_frames);
            int micros = (int)(1000 * Math.Max(0, Math.Min(timeoutMs, LongestWaitMs)));
            Socket.Select(_readable, _writable.Count > 0 ? _writable : (IList)null, null, micros);
            _wake.Clear();
        }

        static void Advance(ZmtpLane lane)
        {
            if (lane != null)
            {
                lane.Advance();
            }
        }

        void AddSockets(ZmtpLane lane)
        {
            Socket socket = lane == null ? null : lane.Socket;
            if (socket == null)
            {
                return;
            }
            _readable.Add(socket);
            if (lane.WantsToWrite)
            {
                _writable.Add(socket);
            }
        }

        /// <inheritdoc/>
        public void Wake()
        {
            _wake.Wake();
        }

        /// <inheritdoc/>
        public bool TakeLost()
        {
            return _control != null && _control.TakeLost();
        }

        /// <inheritdoc/>
        public void CloseSockets()
        {
            if (_control != null)
            {
                _control.Dispose();
            }
            if (_frames != null)
            {
                _frames.Dispose();
            }
            _control = _frames = null;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            CloseSockets();
            _wake.Dispose();
        }
    }
}
