// What a client uses of its transport. One thread makes every call; Wake alone may come from any.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Two lanes. No call blocks but <see cref="Wait"/>, which takes no longer than it is told.</summary>
    public interface ITransport : IDisposable
    {
        /// <summary>What keeps the control lane from connecting, a sentence without a full stop; empty if nothing is known.</summary>
        string Trouble { get; }

        /// <summary>Connects the control lane, in place of any earlier session's sockets.</summary>
        /// <param name="address"><c>tcp://HOST:PORT</c></param>
        void OpenControl(string address);

        /// <summary>Connects the frame lane.</summary>
        /// <param name="address"><c>tcp://HOST:PORT</c></param>
        void OpenFrames(string address);

        /// <summary>Hands over a message of the control lane. False: the lane is not open or its buffer is full.</summary>
        bool SendControl(WireParts parts);

        /// <summary>Hands over a message of the frame lane. False: the lane is not open or its buffer is full.</summary>
        bool SendFrame(WireParts parts);

        /// <summary>The next message that waits, of either lane; its parts are valid until the next call.</summary>
        bool TryReceive(WireParts parts);

        /// <summary>Returns when something can be done, when <see cref="Wake"/> was called, or when the time is over.</summary>
        void Wait(double timeoutMs);

        /// <summary>Ends a <see cref="Wait"/>, the present one or the next. For any thread.</summary>
        void Wake();

        /// <summary>Whether a connection of the control lane broke since the last call.</summary>
        bool TakeLost();

        /// <summary>Closes both lanes, if they are open; a last word may still leave for 100 ms.</summary>
        void CloseSockets();
    }
}
