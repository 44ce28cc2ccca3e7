// The half of ZmtpLane that connects and shakes hands.
namespace StereoSync.Bridge
{
    sealed partial class ZmtpLane
    {
        void Connect()
        {
            _state = State.Connecting;
            _inbox.Clear();
            _handshake.Clear();
            _link = new TcpLink(_address, _attempt++);
        }

        void AdvanceConnecting()
        {
            _link.Advance();
            if (_link.Trouble != null)
            {
                _peerSpoke = false;
                Break(_link.Trouble);
            }
            else if (_link.Connected)
            {
                _handshake.Add(ZmtpText.Greeting(), 0, ZmtpText.SignatureBytes);
                _state = State.Greeting;
                Trouble = _peerSpoke ? Trouble : "what listens there does not answer: it is no StereoSync service, or it hangs";
            }
        }

        // True when a step was made and another may be possible with the bytes that are there.
        bool ShakeHands()
        {
            return _state == State.Greeting ? TakeGreeting() : _state == State.Shaking && TakeReady();
        }

        bool TakeGreeting()
        {
            ByteQueue bytes = _inbox.Receiving();
            string trouble = ZmtpText.GreetingTrouble(bytes.Data, bytes.Start, bytes.Count);
            if (trouble != null)
            {
                Break(trouble);
                return false;
            }
            if (bytes.Count < ZmtpText.GreetingBytes)
            {
                return false;
            }
            _inbox.TakeRaw(ZmtpText.GreetingBytes);
            byte[] ready = ZmtpText.Ready();
            _handshake.Add(ZmtpText.Greeting(), ZmtpText.SignatureBytes, ZmtpText.GreetingBytes - ZmtpText.SignatureBytes);
            _handshake.Add(ready, 0, ready.Length);
            _state = State.Shaking;
            return true;
        }

        bool TakeReady()
        {
            ZmtpItem item = _inbox.Next(_unexpected);
            if (item == ZmtpItem.Nothing)
            {
                return false;
            }
            string trouble = item == ZmtpItem.Command
                ? ZmtpText.ReadyTrouble(_inbox.Data, _inbox.CommandStart, _inbox.CommandCount)
                : _inbox.Trouble ?? "the server does not shake hands as ZMTP 3.0 does";
            if (trouble != null)
            {
                Break(trouble);
                return false;
            }
            _state = State.Ready;
            Trouble = "";
            _heardAtS = NowS;
            _pingAtS = _heardAtS + HeartbeatS;
            return false;
        }
    }
}
