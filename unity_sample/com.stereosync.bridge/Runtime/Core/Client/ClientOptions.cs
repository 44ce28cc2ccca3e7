// How a client connects. Plain data: set it before BridgeWorker or BridgeClient is made, then leave it alone.
using System;
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Addresses, names and limits of one client.</summary>
    public sealed class ClientOptions
    {
        /// <summary>Control lane, <c>tcp://HOST:PORT</c>; HOST is a name, an IPv4 address or an IPv6 address in brackets.</summary>
        public string ControlAddress = "tcp://127.0.0.1:5750";

        /// <summary>Frame lane; null takes the control address's host and the port that WELCOME names.</summary>
        public string FramesAddress;

        /// <summary>Allows an address beyond this machine without CURVE keys: everyone on that network may listen and send.</summary>
        public bool Insecure;

        /// <summary>CURVE keys; null for none. Only a transport that has CURVE can use them.</summary>
        public CurveKeys Curve;

        /// <summary>Name for the service's logs, 64 characters at most.</summary>
        public string Name = "csharp";

        /// <summary>Engine and its version, 64 characters at most.</summary>
        public string Engine = "";

        /// <summary>Version of this program, 64 characters at most.</summary>
        public string Package = "0.1.0";

        /// <summary>Capabilities told in HELLO, in this order.</summary>
        public List<KeyValuePair<string, bool>> Capabilities =
            new List<KeyValuePair<string, bool>> { new KeyValuePair<string, bool>("credit", true), new KeyValuePair<string, bool>("jpeg", false) };

        /// <summary>Whether a lost session is followed by another HELLO.</summary>
        public bool Reconnect = true;

        /// <summary>Makes the transport; null takes <see cref="ZmtpTransport"/>. Called on the I/O thread.</summary>
        public Func<ClientOptions, ITransport> MakeTransport;

        /// <summary>Checks the addresses and the texts.</summary>
        /// <exception cref="ArgumentException">A text is too long, or an address has another form or is beyond this machine
        /// and nothing protects it.</exception>
        public void Check()
        {
            CheckText(Name, "Name");
            CheckText(Engine, "Engine");
            CheckText(Package, "Package");
            CheckAddress(ControlAddress);
            if (FramesAddress != null)
            {
                CheckAddress(FramesAddress);
            }
        }

        static void CheckText(string text, string name)
        {
            try
            {
                FieldRules.Text(text, 64, name);
            }
            catch (WireException error)
            {
                throw new ArgumentException("ClientOptions." + error.Message);
            }
        }

        void CheckAddress(string address)
        {
            if (TcpAddress.Parse(address).IsLoopback || Curve != null || Insecure)
            {
                return;
            }
            throw new ArgumentException(address + " reaches beyond this machine: make keys with stereosync-keys and set them, "
                + "or set Insecure if everyone on that network may listen and send");
        }
    }

    /// <summary>CURVE keys in Z85, 40 characters each: the client's pair and the server's public key.</summary>
    public sealed class CurveKeys
    {
        /// <summary>The client's public key.</summary>
        public string PublicKey;

        /// <summary>The client's secret key.</summary>
        public string SecretKey;

        /// <summary>The server's public key.</summary>
        public string ServerKey;
    }
}
