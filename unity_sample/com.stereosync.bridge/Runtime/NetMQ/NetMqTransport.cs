#if STEREOSYNC_NETMQ
// A transport with CURVE, for services on other machines. One thread makes every call; Wake alone may come from any.
// It was never compiled with NetMQ itself, only with hand-made stubs of the calls below.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using NetMQ;
using NetMQ.Sockets;
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>
    /// Both lanes as NetMQ sockets. NetMQ hides when a connection breaks and mends it by itself; the client then notices by three heartbeats
    /// without a word.
    /// </summary>
    public sealed class NetMqTransport : ITransport
    {
        const int ControlWaiting = 64; // messages
        const int StepMs = 2; // how often sockets are looked at while waiting; Wake is noticed at once
        static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(100);

        readonly CurveKeys _keys;
        readonly AutoResetEvent _wake = new AutoResetEvent(false);
        DealerSocket _control;
        DealerSocket _frames;
        List<byte[]> _waiting;

        /// <summary>A transport without sockets yet.</summary>
        /// <param name="options">Its keys may be null: then nothing is encrypted.</param>
        public NetMqTransport(ClientOptions options)
        {
            AsyncIO.ForceDotNet.Force(); // before the first socket: Unity has no completion ports
            _keys = options.Curve;
        }

        /// <inheritdoc/>
        public string Trouble { get { return ""; } }

        /// <inheritdoc/>
        public void OpenControl(string address)
        {
            CloseSockets();
            _control = Open(address, ControlWaiting);
        }

        /// <inheritdoc/>
        public void OpenFrames(string address)
        {
            Close(ref _frames);
            _frames = Open(address, 1);
        }

        /// <inheritdoc/>
        public bool SendControl(WireParts parts)
        {
            return _control != null && Send(_control, parts);
        }

        /// <inheritdoc/>
        public bool SendFrame(WireParts parts)
        {
            return _frames != null && Send(_frames, parts);
        }

        /// <inheritdoc/>
        public bool TryReceive(WireParts parts)
        {
            if (!Look())
            {
                return false;
            }
            parts.Clear();
            for (int i = 0; i < _waiting.Count && i < WireParts.Most; i++)
            {
                parts.Add(_waiting[i], 0, _waiting[i].Length);
            }
            _waiting = null;
            return true;
        }

        /// <inheritdoc/>
        public void Wait(double timeoutMs)
        {
            var watch = Stopwatch.StartNew();
            while (!Look())
            {
                double leftMs = timeoutMs - watch.Elapsed.TotalMilliseconds;
                if (_wake.WaitOne((int)Math.Max(0, Math.Min(StepMs, leftMs))) || leftMs <= 0)
                {
                    return;
                }
            }
        }

        /// <inheritdoc/>
        public void Wake()
        {
            _wake.Set();
        }

        /// <inheritdoc/>
        public bool TakeLost()
        {
            return false;
        }

        /// <inheritdoc/>
        public void CloseSockets()
        {
            Close(ref _control);
            Close(ref _frames);
            _waiting = null;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            CloseSockets();
            _wake.Close();
        }

        DealerSocket Open(string address, int mostWaiting)
        {
            var socket = new DealerSocket();
            socket.Options.Linger = LastWord;
            socket.Options.SendHighWatermark = mostWaiting;
            if (_keys != null)
            {
                socket.Options.CurveServerKey = NetMQCertificate.FromPublicKey(_keys.ServerKey).PublicKey;
                socket.Options.CurveCertificate = new NetMQCertificate(_keys.SecretKey, _keys.PublicKey);
            }
            socket.Connect(address);
            return socket;
        }

        static bool Send(DealerSocket socket, WireParts parts)
        {
            for (int i = 0; i < parts.Count; i++)
            {
                bool sent = socket.TrySendFrame(TimeSpan.Zero, FromStart(parts[i]), parts[i].Count, i + 1 < parts.Count);
                if (!sent && i > 0)
                {
                    throw new InvalidOperationException("NetMQ took the beginning of a message and not its end: the connection is made anew");
                }
                if (!sent)
                {
                    return false;
                }
            }
            return true;
        }

        static byte[] FromStart(ArraySegment<byte> part)
        {
            if (part.Offset == 0)
            {
                return part.Array;
            }
            var copy = new byte[part.Count];
            Buffer.BlockCopy(part.Array, part.Offset, copy, 0, part.Count);
            return copy;
        }

        /// <summary>Whether a message waits; takes it off its socket.</summary>
        bool Look()
        {
            return _waiting != null || Look(_control) || Look(_frames);
        }

        bool Look(DealerSocket socket)
        {
            List<byte[]> parts = null;
            if (socket == null || !socket.TryReceiveMultipartBytes(ref parts))
            {
                return false;
            }
            _waiting = parts;
            return true;
        }

        static void Close(ref DealerSocket socket)
        {
            if (socket != null)
            {
                socket.Dispose();
                socket = null;
            }
        }
    }
}
#endif
