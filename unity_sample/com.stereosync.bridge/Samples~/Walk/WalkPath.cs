using UnityEngine;

namespace StereoSync.Samples
{
    /// <summary>
    /// A closed way over the ground: an ellipse that leads from left to right and from near to far, measured along its length.
    /// </summary>
    public sealed class WalkPath
    {
        const int Parts = 720;

        readonly Vector3 _centre;
        readonly float _halfWidthM;
        readonly float _halfDepthM;
        readonly float[] _reachedM = new float[Parts + 1];

        /// <param name="centre">middle of the ellipse on the ground, world, metres</param>
        /// <param name="halfWidthM">half axis along world x, metres</param>
        /// <param name="halfDepthM">half axis along world z, metres</param>
        public WalkPath(Vector3 centre, float halfWidthM, float halfDepthM)
        {
            _centre = centre;
            _halfWidthM = halfWidthM;
            _halfDepthM = halfDepthM;
            for (int i = 0; i < Parts; i++)
            {
                _reachedM[i + 1] = _reachedM[i] + Vector3.Distance(AtTurn(i / (float)Parts), AtTurn((i + 1) / (float)Parts));
            }
        }

        /// <summary>Length of one round, metres.</summary>
        public float LengthM { get { return _reachedM[Parts]; } }

        /// <summary>The point that lies this many metres along the way; rounds repeat.</summary>
        public Vector3 At(float distanceM)
        {
            float alongM = distanceM - LengthM * Mathf.Floor(distanceM / LengthM);
            int part = PartAt(alongM);
            float share = (alongM - _reachedM[part]) / (_reachedM[part + 1] - _reachedM[part]);
            return AtTurn((part + share) / Parts);
        }

        /// <summary>Unit vector along the way at that point.</summary>
        public Vector3 Heading(float distanceM)
        {
            return (At(distanceM + 0.05f) - At(distanceM - 0.05f)).normalized;
        }

        int PartAt(float alongM)
        {
            int low = 0, high = Parts;
            while (high - low > 1)
            {
                int middle = (low + high) / 2;
                if (_reachedM[middle] <= alongM)
                {
                    low = middle;
                }
                else
                {
                    high = middle;
                }
            }
            return low;
        }

        Vector3 AtTurn(float turn)
        {
            float angle = turn * 2f * Mathf.PI;
            return _centre + new Vector3(_halfWidthM * Mathf.Cos(angle), 0f, _halfDepthM * Mathf.Sin(angle));
        }
    }
}
