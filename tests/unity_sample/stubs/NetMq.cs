#if STEREOSYNC_NETMQ
// Stand-ins for the few calls of NetMQ that the optional transport makes. Nothing is sent: this is for the compiler.
using System;
using System.Collections.Generic;

namespace NetMQ
{
    public interface IOutgoingSocket { }

    public interface IReceivingSocket { }

    public class SocketOptions
    {
        public TimeSpan Linger { get; set; }

        public int SendHighWatermark { get; set; }

        public byte[] CurveServerKey { get; set; }

        public NetMQCertificate CurveCertificate { get; set; }
    }

    public class NetMQCertificate
    {
        public NetMQCertificate(string secretKeyZ85, string publicKeyZ85) { PublicKey = new byte[32]; }

        public byte[] PublicKey { get; private set; }

        public static NetMQCertificate FromPublicKey(string publicKeyZ85) { return new NetMQCertificate(null, publicKeyZ85); }
    }

    public abstract class NetMQSocket : IOutgoingSocket, IReceivingSocket, IDisposable
    {
        protected NetMQSocket() { Options = new SocketOptions(); }

        public SocketOptions Options { get; private set; }

        public void Connect(string address) { }

        public void Dispose() { }
    }

    public static class OutgoingSocketExtensions
    {
        public static bool TrySendFrame(this IOutgoingSocket socket, TimeSpan timeout, byte[] data, int length, bool more = false) { return true; }
    }

    public static class ReceivingSocketExtensions
    {
        public static bool TryReceiveMultipartBytes(this IReceivingSocket socket, ref List<byte[]> frames, int expectedFrameCount = 4) { return false; }
    }

    public static class NetMQConfig
    {
        public static void Cleanup(bool block = true) { }
    }
}

namespace NetMQ.Sockets
{
    public class DealerSocket : NetMQSocket { }
}

namespace AsyncIO
{
    public static class ForceDotNet { public static void Force() { } }
}
#endif
