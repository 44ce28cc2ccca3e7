// A client and the ring that its chunks go into: what a game holds.
// Threads: one thread makes every call; the audio thread reads the ring alone.
using System;
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Tells the client what was played, and the ring what has come. A lost session leaves the ring to play out.</summary>
    public sealed class ClientStream : IClientEvents, IDisposable
    {
        readonly IClientEvents _listener;

        /// <summary>The client.</summary>
        public readonly BridgeClient Client;

        /// <summary>The ring, for the audio thread.</summary>
        public readonly PlaybackRing Ring;

        /// <summary>Whether the game stands still.</summary>
        public bool Paused { get; private set; }

        /// <summary>A stream whose client has not begun; <paramref name="listener"/> is told after the ring was.</summary>
        /// <exception cref="ArgumentException">The options' addresses cannot be used.</exception>
        public ClientStream(
            ClientOptions options, IClock clock, ITransport transport, FrameSlot slot, PlaybackRing ring, IClientEvents listener,
            Func<string> newId)
        {
            _listener = listener;
            Ring = ring;
            Client = new BridgeClient(options, clock, transport, slot, this, newId);
        }

        /// <summary>Offers a frame.</summary>
        /// <exception cref="WireException">The frame breaks a rule of the wire; it was not taken.</exception>
        public void Offer(FrameMessage frame)
        {
            Client.ReportPlayback(Ring.Playback);
            Client.Offer(frame);
        }

        /// <summary>Handles what came; chunks are in the ring when the listener is told of them.</summary>
        public void Poll(double timeoutMs)
        {
            Client.ReportPlayback(Ring.Playback);
            Client.Poll(timeoutMs);
        }

        /// <summary>The game stands still: fall silent, and take in no sound until <see cref="Resume"/>.</summary>
        public void Pause()
        {
            Paused = true;
            Ring.Clear();
        }

        /// <summary>The game goes on: the stream is made anew from what is seen now.</summary>
        public void Resume()
        {
            Paused = false;
            Ring.Clear();
            Client.Reset("resumed");
        }

        /// <summary>Says bye and releases the sockets; what the ring holds plays out.</summary>
        public void Dispose()
        {
            Client.Dispose();
        }

        void IClientEvents.OnWelcomed(Welcome welcome)
        {
            Ring.Restart(welcome.Epoch, 0, welcome.SampleRateHz);
            _listener.OnWelcomed(welcome);
        }

        void IClientEvents.OnAudio(AudioMessage audio)
        {
            if (!Paused)
            {
                Ring.Write(audio.Epoch, audio.StartSample, audio.Samples, audio.Count);
            }
            _listener.OnAudio(audio);
        }

        void IClientEvents.OnStats(Dictionary<string, double> values)
        {
            _listener.OnStats(values);
        }

        void IClientEvents.OnError(ErrorMessage error)
        {
            _listener.OnError(error);
        }

        void IClientEvents.OnUnanswered(string reason)
        {
            _listener.OnUnanswered(reason);
        }

        void IClientEvents.OnDisconnected(string reason)
        {
            _listener.OnDisconnected(reason);
        }
    }
}
