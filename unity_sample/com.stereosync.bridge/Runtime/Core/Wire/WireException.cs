// The one error of the wire, and its codes.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Codes of errors, as in PROTOCOL.md.</summary>
    public static class ErrorCodes
    {
        /// <summary>No msgpack map, too long, or the wrong number of parts.</summary>
        public const string BadHeader = "bad_header";

        /// <summary>No message of this name.</summary>
        public const string UnknownType = "unknown_type";

        /// <summary>A field is not there.</summary>
        public const string MissingField = "missing_field";

        /// <summary>A field is of another type.</summary>
        public const string BadType = "bad_type";

        /// <summary>A field is outside its limits.</summary>
        public const string BadValue = "bad_value";

        /// <summary>A payload is not as long as declared.</summary>
        public const string BadLength = "bad_length";

        /// <summary>The versions do not go together.</summary>
        public const string WrongVersion = "wrong_version";

        /// <summary>The connection has no session.</summary>
        public const string HelloFirst = "hello_first";

        /// <summary>FRAME names a session that does not exist.</summary>
        public const string UnknownSession = "unknown_session";

        /// <summary>No room for another session.</summary>
        public const string ServerFull = "server_full";

        /// <summary>Frames were sent and none was used.</summary>
        public const string FramesLost = "frames_lost";

        static readonly string[] Warnings =
        {
            "clock_looks_wrong", "frames_cost_too_much", "depth_looks_reversed", "depth_looks_empty", "depth_out_of_scale",
            "angle_looks_like_radians", "boxes_look_like_shares", "boxes_miss_positions",
            "feet_look_like_centimetres", "feet_look_z_up", "contacts_out_of_time", FramesLost,
        };

        /// <summary>Whether a code is only a warning: the frame was used, or has not been heard of.</summary>
        public static bool IsWarning(string code)
        {
            return Array.IndexOf(Warnings, code) >= 0;
        }
    }

    /// <summary>A message breaks a rule: <see cref="Code"/> for programs, <see cref="Field"/> and <see cref="Rule"/> for people.</summary>
    public sealed class WireException : Exception
    {
        /// <summary>One of <see cref="ErrorCodes"/>.</summary>
        public readonly string Code;

        /// <summary>The field that breaks the rule, e.g. <c>boxes[3].x1</c>.</summary>
        public readonly string Field;

        /// <summary>The rule.</summary>
        public readonly string Rule;

        /// <summary>An error of the wire.</summary>
        public WireException(string code, string field, string rule)
            : base(field + ": " + rule)
        {
            Code = code;
            Field = field;
            Rule = rule;
        }

        /// <summary>The same error with its field named from one level further up.</summary>
        public WireException Under(string parent)
        {
            return new WireException(Code, Field.Length > 0 ? parent + "." + Field : parent, Rule);
        }
    }
}
