// A TCP connection that never blocks: names are looked up and connections are made in the background.
// Used by the I/O thread. No call here is POSIX-only.
using System;
using System.Net;
using System.Net.Sockets;

namespace StereoSync.Bridge
{
    /// <summary>One attempt to connect, and the connection that comes of it.</summary>
    sealed class TcpLink : IDisposable
    {
        readonly TcpAddress _address;
        readonly int _attempt;
        readonly IAsyncResult _lookUp;

        /// <summary>The socket; null while the name is looked up.</summary>
        public Socket Socket { get; private set; }

        /// <summary>Whether bytes can go both ways.</summary>
        public bool Connected { get; private set; }

        /// <summary>Why the connection failed or broke; null while it has not.</summary>
        public string Trouble { get; private set; }

        /// <summary>Begins to connect; attempts take the addresses of a name in turn.</summary>
        public TcpLink(TcpAddress address, int attempt)
        {
            _address = address;
            _attempt = attempt;
            IPAddress literal;
            if (IPAddress.TryParse(address.Host, out literal))
            {
                Connect(literal);
            }
            else
            {
                _lookUp = Dns.BeginGetHostAddresses(address.Host, null, null);
            }
        }

        /// <summary>Goes on with connecting.</summary>
        public void Advance()
        {
            if (Socket == null && Trouble == null && _lookUp.IsCompleted)
            {
                LookedUp();
            }
            else if (Socket != null && !Connected && Trouble == null)
            {
                CheckConnected();
            }
        }

        void LookedUp()
        {
            try
            {
                IPAddress[] found = Dns.EndGetHostAddresses(_lookUp);
                Array.Sort(found, (a, b) => a.AddressFamily.CompareTo(b.AddressFamily)); // IPv4 first: services listen there
                if (found.Length > 0)
                {
                    Connect(found[_attempt % found.Length]);
                    return;
                }
            }
            catch (SocketException)
            {
            }
            Trouble = "no machine is known by the name " + _address.Host;
        }

        void Connect(IPAddress address)
        {
            try
            {
                Socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                Socket.Blocking = false;
                Socket.NoDelay = true;
                Socket.Connect(new IPEndPoint(address, _address.Port));
                Connected = true;
            }
            catch (SocketException error)
            {
                if (error.SocketErrorCode != SocketError.WouldBlock && error.SocketErrorCode != SocketError.InProgress)
                {
                    Fail(error.SocketErrorCode);
                }
            }
        }

        void CheckConnected()
        {
            if (Socket.Poll(0, SelectMode.SelectError))
            {
                Fail(PendingError());
            }
            else if (Socket.Poll(0, SelectMode.SelectWrite))
            {
                SocketError error = PendingError();
                Connected = error == SocketError.Success;
                if (!Connected)
                {
                    Fail(error);
                }
            }
        }

        SocketError PendingError()
        {
            return (SocketError)(int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
        }

        void Fail(SocketError error)
        {
            Trouble = error == SocketError.ConnectionRefused || error == SocketError.Success
                ? "nothing listens there: start the service, or correct the address"
                : "the connection failed (" + error + ")";
        }

        /// <summary>Sends what can be sent at once; says how many bytes. Receive tells of a break, after the last bytes.</summary>
        public int Send(byte[] data, int start, int count)
        {
            SocketError error;
            int sent = Socket.Send(data, start, count, SocketFlags.None, out error);
            return error == SocketError.Success ? sent : 0;
        }

        /// <summary>Receives what is there; says how many bytes.</summary>
        public int Receive(byte[] data, int start, int count)
        {
            SocketError error;
            int received = Socket.Receive(data, start, count, SocketFlags.None, out error);
            if (received == 0 && error == SocketError.Success)
            {
                Trouble = "the server closed the connection";
            }
            else if (error != SocketError.Success && error != SocketError.WouldBlock && error != SocketError.IOPending)
            {
                Trouble = "the connection broke (" + error + ")";
            }
            return error == SocketError.Success ? received : 0;
        }

        /// <summary>Says that no more bytes will be sent, so that those on their way arrive.</summary>
        public void Finish()
        {
            try
            {
                Socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
            }
        }

        public void Dispose()
        {
            if (Socket != null)
            {
                Socket.Close();
            }
        }
    }
}
