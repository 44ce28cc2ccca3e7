// Turns what the client tells into notices and snapshots.
// Events, Update, Retire, Refuse and Fault come on the I/O thread; Reject from the game's; Status may be read by any.
using System;
using System.Collections.Generic;
using System.Threading;

namespace StereoSync.Bridge
{
    sealed class StatusKeeper : IClientEvents
    {
        const double UpdateS = 0.1;
        const double RepeatS = 10; // the same complaint is not told more often

        readonly ClientOptions _options;
        readonly IClock _clock;
        readonly FrameSlot _slot;
        readonly PlaybackRing _ring;
        readonly NoticeQueue _notices;
        BridgeStatus _status = new BridgeStatus { Text = "not started" };
        BridgeStatus _newest = new BridgeStatus(); // what events leave for the next snapshot
        BridgeState _state = BridgeState.Connecting;
        string _text, _unanswered;
        bool _changed = true;
        double _updatedS;
        double _toldRejectionS = -RepeatS;
        string _rejection;
        long _rejected, _earlierSent, _earlierInvalid;

        public StatusKeeper(ClientOptions options, IClock clock, FrameSlot slot, PlaybackRing ring, NoticeQueue notices)
        {
            _options = options;
            _clock = clock;
            _slot = slot;
            _ring = ring;
            _notices = notices;
            _text = "connecting to " + options.ControlAddress;
        }

        public BridgeStatus Status
        {
            get { return Volatile.Read(ref _status); }
        }

        // What happens

        public void OnWelcomed(Welcome welcome)
        {
            _newest.Sessions++;
            _newest.Bundle = welcome.Bundle;
            _newest.SampleRateHz = welcome.SampleRateHz;
            _newest.PictureWidthPx = welcome.PictureWidthPx;
            _newest.PictureHeightPx = welcome.PictureHeightPx;
            _newest.LastError = "";
            _newest.Capabilities = welcome.Capabilities;
            _newest.Stats = new Dictionary<string, double>();
            _unanswered = null;
            Become(BridgeState.Connected, "connected to " + _options.ControlAddress + ", the model is " + welcome.Bundle);
            _notices.Add(NoticeKind.Connected, "", _text);
        }

        public void OnAudio(AudioMessage audio)
        {
            _newest.Chunks++;
            _newest.ChunkAgeMs = 1000 * audio.AgeS;
            _newest.ComputeMs = audio.ComputeMs;
            _newest.Steps = audio.Steps;
            _newest.LastChunkS = _clock.NowS;
        }

        public void OnStats(Dictionary<string, double> values)
        {
            _newest.Stats = values; // a new one with each message, so that snapshots may share it
        }

        public void OnError(ErrorMessage error)
        {
            string text = error.Field.Length > 0 ? error.Field + ": " + error.Rule : error.Rule;
            bool warning = !error.Fatal && ErrorCodes.IsWarning(error.Code);
            _newest.LastError = text;
            _changed = true;
            _notices.Add(warning ? NoticeKind.Warning : NoticeKind.Error, error.Code, text);
        }

        public void OnUnanswered(string reason)
        {
            Become(BridgeState.Connecting, reason);
            if (reason != _unanswered)
            {
                _unanswered = reason;
                _notices.Add(NoticeKind.Unanswered, "unanswered", reason);
            }
        }

        public void OnDisconnected(string reason)
        {
            Become(BridgeState.Connecting, reason + "; connecting again");
            _notices.Add(NoticeKind.Lost, "", reason);
        }

        /// <summary>Nothing more is tried.</summary>
        public void Refuse(string reason)
        {
            _newest.LastError = reason;
            Become(BridgeState.Refused, reason);
            _notices.Add(NoticeKind.Error, "refused", reason);
            Publish(null);
        }

        /// <summary>Something threw; a new client is made.</summary>
        public void Fault(Exception error)
        {
            string text = "the bridge failed and starts anew (" + error.GetType().Name + ": " + error.Message + ")";
            _newest.LastError = text;
            if (_state == BridgeState.Connected)
            {
                _notices.Add(NoticeKind.Lost, "", text);
            }
            Become(BridgeState.Connecting, text);
            _notices.Add(NoticeKind.Error, "fault", text);
            Publish(null);
        }

        public void Stopped()
        {
            Become(BridgeState.Stopped, "stopped");
            Publish(null);
        }

        /// <summary>A frame broke a rule and was not taken.</summary>
        public void Reject(WireException error)
        {
            double nowS = _clock.NowS;
            Interlocked.Increment(ref _rejected);
            if (error.Message != _rejection || nowS - _toldRejectionS >= RepeatS)
            {
                _rejection = error.Message;
                _toldRejectionS = nowS;
                _notices.Add(NoticeKind.Error, error.Code, "a frame was not taken: " + error.Message);
            }
        }

        void Become(BridgeState state, string text)
        {
            _state = state;
            _text = text;
            _changed = true;
        }

        // Snapshots

        /// <summary>Makes a snapshot, ten times a second and when something happened.</summary>
        public void Update(BridgeClient client)
        {
            if (client.AtRest && _state != BridgeState.Refused)
            {
                Become(BridgeState.Refused, _newest.LastError.Length > 0 ? _newest.LastError : _text);
            }
            if (_changed || _clock.NowS >= _updatedS + UpdateS)
            {
                Publish(client);
            }
        }

        /// <summary>Keeps the counters of a client that is about to go.</summary>
        public void Retire(BridgeClient client)
        {
            _earlierSent += client.FramesSent;
            _earlierInvalid += client.Invalid;
        }

        void Publish(BridgeClient client)
        {
            BridgeStatus status = _newest.Copy();
            status.State = _state;
            status.Text = _text;
            status.RoundTripMs = client == null ? 0 : 1000 * client.RoundTripS;
            status.ClockOffsetS = client == null ? 0 : client.ClockOffsetS;
            status.FramesSent = _earlierSent + (client == null ? 0 : client.FramesSent);
            status.Invalid = _earlierInvalid + (client == null ? 0 : client.Invalid);
            AddSlot(status);
            AddRing(status);
            _changed = false;
            _updatedS = _clock.NowS;
            Volatile.Write(ref _status, status);
        }

        void AddSlot(BridgeStatus status)
        {
            status.FramesOffered = _slot.Offered;
            status.FramesReplaced = _slot.Replaced;
            status.FramesRejected = Interlocked.Read(ref _rejected);
        }

        void AddRing(BridgeStatus status)
        {
            status.BufferedMs = _ring.Playback.BufferedMs;
            status.Priming = _ring.Priming;
            status.Underruns = _ring.Underruns;
            status.LateSamples = _ring.LateSamples;
            status.GapSamples = _ring.GapSamples;
            status.SkippedSamples = _ring.SkippedSamples;
        }
    }
}
