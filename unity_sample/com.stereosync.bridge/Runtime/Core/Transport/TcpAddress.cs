// Addresses of the form tcp://HOST:PORT. Pure.
using System;
using System.Globalization;
using System.Net;

namespace StereoSync.Bridge
{
    /// <summary>A host and a port.</summary>
    public struct TcpAddress
    {
        const string Scheme = "tcp://";

        /// <summary>A name or an address, IPv6 without brackets.</summary>
        public readonly string Host;

        /// <summary>TCP port, 1 to 65535.</summary>
        public readonly int Port;

        TcpAddress(string host, int port)
        {
            Host = host;
            Port = port;
        }

        /// <summary>Reads an address.</summary>
        /// <exception cref="ArgumentException">The address is of another form.</exception>
        public static TcpAddress Parse(string address)
        {
            string rest = address != null && address.StartsWith(Scheme, StringComparison.Ordinal) ? address.Substring(Scheme.Length) : "";
            int colon = rest.LastIndexOf(':');
            string host = colon > 0 ? rest.Substring(0, colon) : "";
            int port;
            bool bracketed = host.StartsWith("[", StringComparison.Ordinal) && host.EndsWith("]", StringComparison.Ordinal);
            string name = bracketed ? host.Substring(1, host.Length - 2) : host;
            bool isPort = int.TryParse(rest.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
            if (name.Length == 0 || (!bracketed && name.IndexOf(':') >= 0) || !isPort || port < 1 || port > 65535)
            {
                throw new ArgumentException("'" + address + "' is not an address: write tcp://HOST:PORT, for example tcp://127.0.0.1:5750");
            }
            return new TcpAddress(name, port);
        }

        /// <summary>Whether only this machine can reach it.</summary>
        public bool IsLoopback
        {
            get
            {
                IPAddress address;
                return Host == "localhost" || (IPAddress.TryParse(Host, out address) && IPAddress.IsLoopback(address));
            }
        }

        /// <summary>The same host with another port.</summary>
        public TcpAddress WithPort(int port)
        {
            return new TcpAddress(Host, port);
        }

        /// <summary><c>tcp://HOST:PORT</c></summary>
        public override string ToString()
        {
            string host = Host.IndexOf(':') >= 0 ? "[" + Host + "]" : Host;
            return Scheme + host + ":" + Port.ToString(CultureInfo.InvariantCulture);
        }
    }
}
