// A clock and a transport that are turned by hand; what the client does with them becomes lines.
using System.Collections.Generic;

namespace StereoSync.Bridge.Conformance
{
    sealed class HandClock : IClock
    {
        public double NowS { get; set; }
    }

    sealed class HandLane
    {
        public readonly string Name;
        public readonly Queue<WireParts> Waiting = new Queue<WireParts>();
        public bool Open;
        public bool Blocked;

        public HandLane(string name)
        {
            Name = name;
        }

        public void Close()
        {
            Open = false;
            Waiting.Clear();
        }
    }

    sealed class HandTransport : ITransport
    {
        readonly List<string> _lines;
        readonly HandLane _control = new HandLane("control");
        readonly HandLane _frames = new HandLane("frames");
        bool _broken;

        public HandTransport(List<string> lines)
        {
            _lines = lines;
        }

        public string Trouble
        {
            get { return ""; }
        }

        // The server's and the network's side

        HandLane Lane(string name)
        {
            return name == "control" ? _control : _frames;
        }

        public void Arrive(string lane, WireParts parts)
        {
            if (Lane(lane).Open)
            {
                Lane(lane).Waiting.Enqueue(parts);
            }
        }

        public void BreakConnection()
        {
            _broken = _control.Open;
        }

        public void Block(string lane, bool blocked)
        {
            Lane(lane).Blocked = blocked;
        }

        // The client's side

        public void OpenControl(string address)
        {
            CloseSockets();
            Open(_control, address);
        }

        public void OpenFrames(string address)
        {
            Open(_frames, address);
        }

        void Open(HandLane lane, string address)
        {
            lane.Open = true;
            _lines.Add("open " + lane.Name + " " + address);
        }

        public bool SendControl(WireParts parts)
        {
            return Send(_control, parts);
        }

        public bool SendFrame(WireParts parts)
        {
            return Send(_frames, parts);
        }

        bool Send(HandLane lane, WireParts parts)
        {
            if (!lane.Open || lane.Blocked)
            {
                return false;
            }
            byte[] packed = Packed.Pack(parts);
            _lines.Add("send " + lane.Name + " " + Lines.ToHex(packed, 0, packed.Length));
            return true;
        }

        public bool TryReceive(WireParts parts)
        {
            Queue<WireParts> waiting = _control.Waiting.Count > 0 ? _control.Waiting : _frames.Waiting;
            if (waiting.Count == 0)
            {
                return false;
            }
            WireParts arrived = waiting.Dequeue();
            parts.Clear();
            for (int i = 0; i < arrived.Count; i++)
            {
                parts.Add(arrived[i].Array, arrived[i].Offset, arrived[i].Count);
            }
            return true;
        }

        public void Wait(double timeoutMs)
        {
        }

        public void Wake()
        {
        }

        public bool TakeLost()
        {
            bool broken = _broken;
            _broken = false;
            return broken;
        }

        public void CloseSockets()
        {
            if (_control.Open || _frames.Open)
            {
                _lines.Add("close");
            }
            _control.Close();
            _frames.Close();
            _broken = false;
        }

        public void Dispose()
        {
            CloseSockets();
        }
    }
}
