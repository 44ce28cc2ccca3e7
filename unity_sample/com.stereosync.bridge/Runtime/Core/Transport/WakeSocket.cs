// Wakes a thread that waits for sockets: a UDP socket on loopback that is connected to itself, which works on every system.
// Wake may be called by any thread, the rest by the I/O thread.
using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace StereoSync.Bridge
{
    sealed class WakeSocket : IDisposable
    {
        static readonly byte[] OneByte = { 1 };

        readonly byte[] _received = new byte[16];
        int _woken; // 1 while a byte is on its way, so that a thread that is not waiting is not flooded

        public readonly Socket Socket;

        public WakeSocket()
        {
            Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket.Blocking = false;
            Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Socket.Connect(Socket.LocalEndPoint);
        }

        public void Wake()
        {
            if (Interlocked.Exchange(ref _woken, 1) == 1)
            {
                return;
            }
            try
            {
                SocketError error;
                Socket.Send(OneByte, 0, 1, SocketFlags.None, out error);
            }
            catch (ObjectDisposedException)
            {
            }
            catch (SocketException) // Mono's word for a socket that is being closed by another thread
            {
            }
        }

        /// <summary>Takes the byte, if one has come.</summary>
        public void Clear()
        {
            SocketError error;
            while (Socket.Receive(_received, 0, _received.Length, SocketFlags.None, out error) > 0)
            {
                Interlocked.Exchange(ref _woken, 0);
            }
        }

        public void Dispose()
        {
            Socket.Close();
        }
    }
}
