// The service's clock, from echoes: of the recent ones the quickest is the most exact (NTP's clock filter, RFC 5905).
// Used by the I/O thread.
namespace StereoSync.Bridge
{
    /// <summary>Times of one exchange, s: sent and back on the client's clock, received and answered on the server's.</summary>
    public struct Echo
    {
        /// <summary>Sent, client's clock.</summary>
        public double SentS;

        /// <summary>Received, server's clock.</summary>
        public double ReceivedServerS;

        /// <summary>Answered, server's clock.</summary>
        public double AnsweredServerS;

        /// <summary>Back, client's clock.</summary>
        public double BackS;

        /// <summary>Time on the way there and back, s.</summary>
        public double RoundTripS
        {
            get { return (BackS - SentS) - (AnsweredServerS - ReceivedServerS); }
        }

        /// <summary>Server clock minus client clock, s.</summary>
        public double OffsetS
        {
            get { return ((ReceivedServerS - SentS) + (AnsweredServerS - BackS)) / 2; }
        }

        internal static Echo Read(HeaderReader header)
        {
            return new Echo
            {
                SentS = header.Time("sent_client_s"),
                ReceivedServerS = header.Time("received_server_s"),
                AnsweredServerS = header.Time("sent_server_s"),
            };
        }
    }

    /// <summary>Keeps the last 16 echoes and uses the quickest; 0 before the first.</summary>
    public sealed class ClockOffset
    {
        const int Keep = 16;

        readonly Echo[] _echoes = new Echo[Keep];
        int _next;

        /// <summary>Echoes kept.</summary>
        public int Count { get; private set; }

        /// <summary>Server clock minus client clock, s.</summary>
        public double OffsetS { get; private set; }

        /// <summary>Round trip of the echo that is used, s.</summary>
        public double RoundTripS { get; private set; }

        /// <summary>Takes an echo.</summary>
        public void Add(Echo echo)
        {
            _echoes[_next] = echo;
            _next = (_next + 1) % Keep;
            Count = Count < Keep ? Count + 1 : Keep;
            Echo best = Oldest(0);
            for (int i = 1; i < Count; i++)
            {
                best = Oldest(i).RoundTripS < best.RoundTripS ? Oldest(i) : best;
            }
            OffsetS = best.OffsetS;
            RoundTripS = best.RoundTripS;
        }

        Echo Oldest(int age)
        {
            return _echoes[(_next - Count + age + Keep) % Keep];
        }
    }
}
