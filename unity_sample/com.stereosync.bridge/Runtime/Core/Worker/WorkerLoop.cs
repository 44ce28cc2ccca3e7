// The I/O thread: owns the client and its transport, and makes another of both when something throws.
// Run is the thread; Ask, Wake, Reject, Stop and Status may be called by any.
using System;
using System.Collections.Generic;
using System.Threading;

namespace StereoSync.Bridge
{
    enum WorkerRequest
    {
        Pause,
        Resume,
        Reset,
    }

    sealed class WorkerLoop
    {
        const double PollMs = 10;
        const int AfterFaultMs = 1000;

        readonly ClientOptions _options;
        readonly IClock _clock;
        readonly FrameSlot _slot;
        readonly PlaybackRing _ring;
        readonly NoticeQueue _notices;
        readonly StatusKeeper _keeper;
        readonly object _lock = new object();
        readonly Queue<KeyValuePair<WorkerRequest, string>> _requests = new Queue<KeyValuePair<WorkerRequest, string>>();
        readonly ManualResetEvent _stop = new ManualResetEvent(false);
        ITransport _transport; // guarded by _lock, because others wake it
        bool _paused;

        public WorkerLoop(ClientOptions options, IClock clock, FrameSlot slot, PlaybackRing ring, NoticeQueue notices)
        {
            _options = options;
            _clock = clock;
            _slot = slot;
            _ring = ring;
            _notices = notices;
            _keeper = new StatusKeeper(options, clock, slot, ring, notices);
        }

        public BridgeStatus Status
        {
            get { return _keeper.Status; }
        }

        public void Ask(WorkerRequest request, string reason)
        {
            lock (_lock)
            {
                _requests.Enqueue(new KeyValuePair<WorkerRequest, string>(request, reason));
            }
            Wake();
        }

        public void Wake()
        {
            lock (_lock)
            {
                if (_transport != null)
                {
                    _transport.Wake();
                }
            }
        }

        public void Reject(WireException error)
        {
            _keeper.Reject(error);
        }

        public void Stop()
        {
            _stop.Set();
            Wake();
        }

        bool Stopping
        {
            get { return _stop.WaitOne(0); }
        }

        public void Run()
        {
            while (!Stopping)
            {
                try
                {
                    Serve();
                }
                catch (ArgumentException error)
                {
                    _keeper.Refuse(error.Message);
                    _stop.WaitOne();
                }
                catch (Exception error)
                {
                    _keeper.Fault(error);
                    _stop.WaitOne(AfterFaultMs);
                }
            }
            _keeper.Stopped();
        }

        void Serve()
        {
            _options.Check();
            ITransport transport = _options.MakeTransport == null ? new ZmtpTransport(_options) : _options.MakeTransport(_options);
            lock (_lock)
            {
                _transport = transport;
            }
            try
            {
                using (var stream = new ClientStream(_options, _clock, transport, _slot, _ring, _keeper, null))
                {
                    Serve(stream);
                }
            }
            finally
            {
                lock (_lock)
                {
                    _transport = null;
                }
                transport.Dispose();
            }
        }

        void Serve(ClientStream stream)
        {
            if (_paused)
            {
                stream.Pause();
            }
            try
            {
                stream.Client.Begin();
                while (!Stopping)
                {
                    TakeRequests(stream);
                    stream.Poll(PollMs);
                    _keeper.Update(stream.Client);
                }
            }
            finally
            {
                _keeper.Retire(stream.Client);
            }
        }

        void TakeRequests(ClientStream stream)
        {
            KeyValuePair<WorkerRequest, string> request;
            while (TryTakeRequest(out request))
            {
                _paused = request.Key == WorkerRequest.Pause || (_paused && request.Key == WorkerRequest.Reset);
                switch (request.Key)
                {
                    case WorkerRequest.Pause: stream.Pause(); break;
                    case WorkerRequest.Resume: stream.Resume(); break;
                    case WorkerRequest.Reset: Reset(stream.Client, request.Value); break;
                }
            }
        }

        void Reset(BridgeClient client, string reason)
        {
            try
            {
                client.Reset(reason);
            }
            catch (WireException error)
            {
                _notices.Add(NoticeKind.Error, error.Code, "RESET was sent without its reason: " + error.Message);
                client.Reset("");
            }
        }

        bool TryTakeRequest(out KeyValuePair<WorkerRequest, string> request)
        {
            lock (_lock)
            {
                bool any = _requests.Count > 0;
                request = any ? _requests.Dequeue() : new KeyValuePair<WorkerRequest, string>();
                return any;
            }
        }
    }
}
