// One turn of a body's gait. Plain data.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>A gait on the spot: x to the body's right, y up, z ahead.</summary>
    internal sealed class ClipGait
    {
        /// <summary>The clip's name.</summary>
        public string Name;

        /// <summary>How long a turn takes, s.</summary>
        public float PeriodS;

        /// <summary>How far a turn carries the body ahead, m; 0 where the clip leaves that to the game.</summary>
        public float WayM;

        /// <summary>When a foot comes down, 0 to 1 of the turn.</summary>
        public float LeftPhase, RightPhase;

        /// <summary>The number of the point that is a foot; null where no foot is known.</summary>
        public int? LeftFoot, RightFoot;

        /// <summary>Frames, evenly spread over the turn, of the same points each.</summary>
        public readonly List<Vector3[]> FramesM = new List<Vector3[]>();
    }

    /// <summary>A clip is no gait; the message says why.</summary>
    internal sealed class NoGaitException : Exception
    {
        public NoGaitException(string why) : base(why)
        {
        }
    }
}
