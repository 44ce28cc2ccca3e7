// What the client knows of one session: credit, clock offset, heartbeats. Plain data, used by the I/O thread.
using System;

namespace StereoSync.Bridge
{
    /// <summary>One session, from HELLO on.</summary>
    public sealed class ClientSession
    {
        const int Misses = 3; // heartbeats without a word after which the server counts as gone
        const int QuickPings = 5; // the clock offset is wanted soon after WELCOME
        const double QuickPingS = 0.1;
        const double PatienceS = 5; // from the first frame to the first answer; a busy service takes a second

        /// <summary>32 hexadecimal digits.</summary>
        public readonly string Id;

        /// <summary>When HELLO was said, s.</summary>
        public readonly double SaidHelloS;

        /// <summary>The clock offset.</summary>
        public readonly ClockOffset Clock = new ClockOffset();

        /// <summary>WELCOME; null before it came.</summary>
        public Welcome Welcome { get; private set; }

        /// <summary>Frames that may have been sent so far.</summary>
        public long Credit { get; private set; }

        /// <summary>Frames sent.</summary>
        public long FramesSent { get; private set; }

        /// <summary>Whether a frame was used, or something was said of it.</summary>
        public bool Answered;

        /// <summary>When the newest message came, s.</summary>
        public double LastHeardS;

        double _nextPingS;
        double? _firstSentS;

        /// <summary>A session that HELLO names now.</summary>
        public ClientSession(string id, double saidHelloS)
        {
            Id = id;
            SaidHelloS = saidHelloS;
        }

        /// <summary>Whether a frame may be sent.</summary>
        public bool MaySend
        {
            get { return Welcome != null && FramesSent < Credit; }
        }

        /// <summary>Counts a frame that was sent.</summary>
        public void CountSent(double nowS)
        {
            FramesSent++;
            _firstSentS = _firstSentS ?? nowS;
        }

        /// <summary>
        /// Whether it is time to say that no frame was ever answered; true once. Credit is no answer: the server restores that of frames
        /// which never came.
        /// </summary>
        public bool FramesAreLost(double nowS)
        {
            if (Answered || !_firstSentS.HasValue || nowS - _firstSentS.Value < PatienceS)
            {
                return false;
            }
            Answered = true;
            return true;
        }

        /// <summary>Takes WELCOME; the next ping is due at once.</summary>
        public void TakeWelcome(Welcome welcome)
        {
            Welcome = welcome;
            TakeEcho(welcome.Echo, welcome.Credit);
            _nextPingS = LastHeardS;
        }

        /// <summary>Takes a credit; smaller ones are old news.</summary>
        public void TakeCredit(long credit)
        {
            Credit = Math.Max(Credit, credit);
        }

        /// <summary>Takes an echo that came at <see cref="LastHeardS"/>.</summary>
        public void TakeEcho(Echo echo, long credit)
        {
            TakeCredit(credit);
            echo.BackS = LastHeardS;
            Clock.Add(echo);
        }

        /// <summary>Whether nothing was heard for three heartbeats.</summary>
        public bool IsLost(double nowS)
        {
            return Welcome != null && nowS - LastHeardS > Misses * Welcome.HeartbeatS;
        }

        /// <summary>Whether a ping is to be sent now; the next one is then scheduled.</summary>
        public bool PingDue(double nowS)
        {
            if (Welcome == null || nowS < _nextPingS)
            {
                return false;
            }
            _nextPingS = nowS + (Clock.Count < QuickPings ? QuickPingS : Welcome.HeartbeatS);
            return true;
        }
    }
}
