// What an engine layer uses: a client with its own I/O thread.
// Threads: RentFrame, Offer, Pause, Resume, Reset, TryTakeNotice, Start and Dispose belong to the game's thread and never
// block (Dispose waits for the I/O thread, 1 s at most); Read to the audio thread; NowS, DeviceMs and Status to any.
using System;
using System.Threading;

namespace StereoSync.Bridge
{
    /// <summary>
    /// Connects, reconnects, sends the newest frame, and gives sound to an audio callback. Whatever goes wrong becomes a
    /// <see cref="Notice"/>, never an exception in the game. When it was disposed, it is over: make another.
    /// </summary>
    public sealed class BridgeWorker : IDisposable
    {
        const int JoinMs = 1000;

        readonly MonotonicClock _clock = new MonotonicClock();
        readonly FramePool _pool = new FramePool();
        readonly FrameSlot _slot = new FrameSlot();
        readonly PlaybackRing _ring = new PlaybackRing();
        readonly SoundReader _sound;
        readonly NoticeQueue _notices;
        readonly WorkerLoop _loop;
        Thread _thread;
        bool _disposed;

        /// <summary>A worker that has not started.</summary>
        public BridgeWorker(ClientOptions options)
        {
            _sound = new SoundReader(_ring);
            _notices = new NoticeQueue(_clock);
            _loop = new WorkerLoop(options, _clock, _slot, _ring, _notices);
        }

        /// <summary>Seconds on the client's clock: what <see cref="FrameMessage.CaptureClientS"/> is to be stamped with.</summary>
        public double NowS
        {
            get { return _clock.NowS; }
        }

        /// <summary>The newest snapshot; never null.</summary>
        public BridgeStatus Status
        {
            get { return _loop.Status; }
        }

        /// <summary>
        /// What lies between <see cref="Read"/> and the ear, ms: the device's buffers, mixers, the driver. The service makes sound for the
        /// moment at which it is heard. Held within 0 to 10000.
        /// </summary>
        public double DeviceMs
        {
            get { return _ring.DeviceMs; }
            set { _ring.DeviceMs = value; }
        }

        /// <summary>Begins to connect. The second call, and one after Dispose, does nothing.</summary>
        public void Start()
        {
            if (_thread != null || _disposed)
            {
                return;
            }
            _thread = new Thread(_loop.Run) { IsBackground = true, Name = "StereoSync bridge" };
            _thread.Start();
        }

        /// <summary>Says bye, ends the I/O thread and waits for it, 1 s at most. The second call does nothing.</summary>
        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            _loop.Stop();
            if (_thread != null)
            {
                _thread.Join(JoinMs);
            }
        }

        /// <summary>A frame to fill, with default values; give it to <see cref="Offer"/>, or call its Release.</summary>
        public FrameMessage RentFrame()
        {
            return _pool.Rent();
        }

        /// <summary>Offers a frame in place of one that was not sent yet. The frame must not be touched afterwards.</summary>
        /// <returns>False when the frame breaks a rule of the wire; a notice then names the field.</returns>
        public bool Offer(FrameMessage frame)
        {
            try
            {
                frame.Check();
            }
            catch (WireException error)
            {
                _loop.Reject(error);
                frame.Release();
                return false;
            }
            _slot.Put(frame);
            _loop.Wake();
            return true;
        }

        /// <summary>Fills an audio callback's buffer; silence where there is no sound. Allocates nothing.</summary>
        /// <param name="data">Interleaved samples; its length is a multiple of <paramref name="channels"/>.</param>
        /// <param name="channels">1: the average; more than 2: front left and right, others silent.</param>
        /// <param name="deviceRateHz">Rate of the device, 8000 to 192000; the stream is converted to it.</param>
        public void Read(float[] data, int channels, int deviceRateHz)
        {
            _sound.Read(data, channels, deviceRateHz);
        }

        /// <summary>The game stands still: silence, and no sound is taken in until <see cref="Resume"/>.</summary>
        public void Pause()
        {
            _loop.Ask(WorkerRequest.Pause, "");
        }

        /// <summary>The game goes on: the stream is made anew from what is seen now.</summary>
        public void Resume()
        {
            _loop.Ask(WorkerRequest.Resume, "");
        }

        /// <summary>The scene was cut: a new scene, a teleport. What the service saw before is forgotten.</summary>
        /// <param name="reason">For the service's log, printable, 256 characters at most.</param>
        public void Reset(string reason)
        {
            _loop.Ask(WorkerRequest.Reset, reason ?? "");
        }

        /// <summary>The oldest notice that was not taken yet.</summary>
        public bool TryTakeNotice(out Notice notice)
        {
            return _notices.TryTake(out notice);
        }
    }
}
