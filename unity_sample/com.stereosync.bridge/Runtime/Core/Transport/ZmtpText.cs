// The fixed words of ZMTP 3.0 (rfc.zeromq.org/spec/23): greeting, READY, PING and PONG, with the NULL mechanism. Pure.
using System;
using System.Text;

namespace StereoSync.Bridge
{
    /// <summary>Writes what a DEALER says and reads what its peer says.</summary>
    static class ZmtpText
    {
        public const int GreetingBytes = 64;

        // Signature and version go first: a libzmq that demands another mechanism hangs up before it names it, if it sees ours.
        public const int SignatureBytes = 11;

        public const int More = 1, Long = 2, Command = 4;

        const int MechanismAt = 12, MechanismBytes = 20;

        public static byte[] Greeting()
        {
            var greeting = new byte[GreetingBytes];
            greeting[0] = 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            Encoding.ASCII.GetBytes("NULL", 0, 4, greeting, MechanismAt);
            return greeting;
        }

        /// <summary>What is wrong with the peer's greeting so far, or null.</summary>
        public static string GreetingTrouble(byte[] data, int start, int count)
        {
            if ((count > 0 && data[start] != 0xff) || (count > 9 && (data[start + 9] & 1) == 0))
            {
                return "what listens there is no StereoSync service (it does not speak ZMTP): check the port";
            }
            if (count > 10 && data[start + 10] < 3)
            {
                return "what listens there speaks an older ZMTP than 3.0: check the port";
            }
            return count < GreetingBytes ? null : MechanismTrouble(Name(data, start + MechanismAt, MechanismBytes));
        }

        static string MechanismTrouble(string mechanism)
        {
            if (mechanism == "NULL")
            {
                return null;
            }
            return mechanism == "CURVE"
                ? "the server demands CURVE keys and this client has none: use the NetMQ transport with keys, or a server without keys"
                : "the server demands the mechanism " + mechanism + ", which this client does not have";
        }

        static string Name(byte[] data, int start, int most)
        {
            int count = 0;
            while (count < most && data[start + count] != 0)
            {
                count++;
            }
            return Encoding.ASCII.GetString(data, start, count);
        }

        public static byte[] Ready()
        {
            const string body = "\u0005READY\u000bSocket-Type\0\0\0\u0006DEALER\u0008Identity\0\0\0\0";
            byte[] text = Encoding.ASCII.GetBytes(body);
            var frame = new byte[2 + text.Length];
            frame[0] = Command;
            frame[1] = (byte)text.Length;
            Buffer.BlockCopy(text, 0, frame, 2, text.Length);
            return frame;
        }

        /// <summary>What is wrong with the peer's first command, or null.</summary>
        public static string ReadyTrouble(byte[] data, int start, int count)
        {
            if (IsCommand(data, start, count, "READY"))
            {
                string text = Encoding.ASCII.GetString(data, start, count);
                bool isRouter = text.Contains("Socket-Type\0\0\0\u0006ROUTER");
                return isRouter ? null : "what listens there is no StereoSync service: check the port";
            }
            if (IsCommand(data, start, count, "ERROR") && count > 7)
            {
                return "the server refused the connection: " + Name(data, start + 7, Math.Min(data[start + 6], count - 7));
            }
            return "what listens there does not shake hands as ZMTP 3.0 does: check the port";
        }

        public static bool IsCommand(byte[] data, int start, int count, string name)
        {
            if (count <= name.Length || data[start] != name.Length)
            {
                return false;
            }
            for (int i = 0; i < name.Length; i++)
            {
                if (data[start + 1 + i] != name[i])
                {
                    return false;
                }
            }
            return true;
        }

        /// <summary>A PING that lets the peer count us as gone after three heartbeats.</summary>
        public static byte[] Ping(int timeToLiveDs)
        {
            return new byte[] { Command, 7, 4, (byte)'P', (byte)'I', (byte)'N', (byte)'G', (byte)(timeToLiveDs >> 8), (byte)timeToLiveDs };
        }

        /// <summary>The beginning of a PONG whose context of <paramref name="contextBytes"/> follows.</summary>
        public static byte[] Pong(int contextBytes)
        {
            return new byte[] { Command, (byte)(5 + contextBytes), 4, (byte)'P', (byte)'O', (byte)'N', (byte)'G' };
        }

        /// <summary>The flags and the length that stand before a frame's body.</summary>
        public static void AddFrameHeader(ByteQueue queue, int flags, int bytes)
        {
            bool isLong = bytes > 255;
            queue.Add((byte)(flags | (isLong ? Long : 0)));
            for (int shift = isLong ? 56 : 0; shift >= 0; shift -= 8)
            {
                queue.Add((byte)((long)bytes >> shift));
            }
        }
    }
}
