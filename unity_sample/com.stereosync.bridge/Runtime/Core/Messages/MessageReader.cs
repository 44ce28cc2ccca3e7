// Parts of a message to its fields. Used by the I/O thread; AUDIO, CREDIT and PONG make no garbage.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Decodes the service's messages; what was decoded last stands in the properties.</summary>
    public sealed class MessageReader
    {
        static readonly string[] OfClient = { "HELLO", "PING", "RESET", "FRAME" };

        readonly HeaderReader _header = new HeaderReader();

        /// <summary>The newest WELCOME.</summary>
        public Welcome Welcome { get; private set; }

        /// <summary>The newest ERROR.</summary>
        public ErrorMessage Error { get; private set; }

        /// <summary>The newest AUDIO.</summary>
        public AudioMessage Audio { get; private set; }

        /// <summary>The newest PONG.</summary>
        public Pong Pong { get; private set; }

        /// <summary>The newest CREDIT: frames that may have been sent so far.</summary>
        public long Credit { get; private set; }

        /// <summary>The newest STATS: names and values.</summary>
        public Dictionary<string, double> Stats { get; private set; }

        /// <summary>The newest BYE's reason.</summary>
        public string ByeReason { get; private set; }

        /// <summary>A reader.</summary>
        public MessageReader()
        {
            Audio = new AudioMessage();
        }

        /// <summary>Decodes a message.</summary>
        /// <exception cref="WireException">Anything at all is wrong with it; no other exception leaves this method.</exception>
        public MessageKind Read(WireParts parts)
        {
            _header.Load(parts);
            MessageKind kind = Kind();
            CheckParts(parts, kind);
            switch (kind)
            {
                case MessageKind.Welcome: Welcome = Welcome.Read(_header); break;
                case MessageKind.Error: Error = ErrorMessage.Read(_header); break;
                case MessageKind.Audio: Audio.Read(_header, parts[1]); break;
                case MessageKind.Credit: Credit = _header.Count("credit"); break;
                case MessageKind.Pong: Pong = Pong.Read(_header); break;
                case MessageKind.Stats: Stats = _header.Numbers("values", 256); break;
                case MessageKind.Bye: ByeReason = _header.Text("reason", 256, ""); break;
            }
            return kind;
        }

        MessageKind Kind()
        {
            if (_header.Is("type", "AUDIO")) return MessageKind.Audio;
            if (_header.Is("type", "CREDIT")) return MessageKind.Credit;
            if (_header.Is("type", "PONG")) return MessageKind.Pong;
            if (_header.Is("type", "STATS")) return MessageKind.Stats;
            if (_header.Is("type", "WELCOME")) return MessageKind.Welcome;
            if (_header.Is("type", "ERROR")) return MessageKind.Error;
            if (_header.Is("type", "BYE")) return MessageKind.Bye;
            foreach (string word in OfClient)
            {
                if (_header.Is("type", word)) return MessageKind.OfClient;
            }
            throw new WireException(ErrorCodes.UnknownType, "type", "must be a message of the wire");
        }

        void CheckParts(WireParts parts, MessageKind kind)
        {
            int expected = kind == MessageKind.Audio ? 2 : _header.Is("type", "FRAME") ? 3 : 1;
            if (parts.Count != expected)
            {
                string rule = kind.ToString().ToUpperInvariant() + " takes " + expected + " parts, got " + parts.Count;
                throw new WireException(ErrorCodes.BadHeader, "parts", rule);
            }
        }
    }
}
