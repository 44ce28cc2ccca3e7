// What a client tells while it is polled, in order. Called on the I/O thread.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>Receives what happens during <see cref="BridgeClient.Poll"/>.</summary>
    public interface IClientEvents
    {
        /// <summary>The session exists from now on; after a reconnect this comes again with another session.</summary>
        void OnWelcomed(Welcome welcome);

        /// <summary>A chunk; valid until this call returns.</summary>
        void OnAudio(AudioMessage audio);

        /// <summary>Names and values, for display.</summary>
        void OnStats(Dictionary<string, double> values);

        /// <summary>Told by the server, or by the client itself of a message that breaks a rule.</summary>
        void OnError(ErrorMessage error);

        /// <summary>No WELCOME came in time; the client says HELLO again. The reason names the likely causes.</summary>
        void OnUnanswered(string reason);

        /// <summary>A welcomed session is lost; unless it was ended by Bye, the client tries again by itself.</summary>
        void OnDisconnected(string reason);
    }
}
