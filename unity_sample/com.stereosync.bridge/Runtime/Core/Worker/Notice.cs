// What the worker tells the game, in order. Immutable; made on any thread, taken by the game's.
namespace StereoSync.Bridge
{
    /// <summary>Kinds of notices.</summary>
    public enum NoticeKind
    {
        /// <summary>A session begins.</summary>
        Connected,

        /// <summary>A session that was connected is lost; another is tried for.</summary>
        Lost,

        /// <summary>Nobody answers; the text names the likely causes.</summary>
        Unanswered,

        /// <summary>Something was refused or went wrong; the text says what to do.</summary>
        Error,

        /// <summary>A warning of the service: the frame was used.</summary>
        Warning,
    }

    /// <summary>One thing that happened.</summary>
    public sealed class Notice
    {
        /// <summary>What happened.</summary>
        public readonly NoticeKind Kind;

        /// <summary>A code of the wire, e.g. <c>bad_value</c>, or <c>unanswered</c>, <c>fault</c>; empty where none belongs.</summary>
        public readonly string Code;

        /// <summary>A sentence for a person.</summary>
        public readonly string Text;

        /// <summary>When, in seconds of the worker's clock.</summary>
        public readonly double TimeS;

        internal Notice(NoticeKind kind, string code, string text, double timeS)
        {
            Kind = kind;
            Code = code;
            Text = text;
            TimeS = timeS;
        }
    }
}
