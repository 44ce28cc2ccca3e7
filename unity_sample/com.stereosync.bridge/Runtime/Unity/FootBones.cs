// One foot of a rig. Main thread only.
using UnityEngine;

namespace StereoSync
{
    /// <summary>The bones that a foot's place is read from: two reads at most.</summary>
    /// <remarks>
    /// Heel and ball come down at different moments, and the first of them is heard. So the height told is that of the lower one, both
    /// measured as the ankle's: of the toes with the height added by which the ankle stands above them in the rig's own pose.
    /// </remarks>
    internal struct FootBones
    {
        const float MostDropM = 0.3f;

        readonly Transform _ankle, _toes;
        readonly float _dropM;

        /// <summary>The side.</summary>
        public readonly FootSide Side;

        /// <param name="toes">Null where the rig has none.</param>
        public FootBones(FootSide side, Transform ankle, Transform toes)
        {
            Side = side;
            _ankle = ankle;
            _toes = toes;
            _dropM = toes == null ? 0 : Mathf.Clamp(ankle.position.y - toes.position.y, 0, MostDropM);
        }

        /// <summary>Where it is now, in the world; false when its bones are gone.</summary>
        public bool TryPlace(out Vector3 place)
        {
            if (_ankle == null)
            {
                place = Vector3.zero;
                return false;
            }
            place = _ankle.position;
            if (_toes != null)
            {
                place.y = Mathf.Min(place.y, _toes.position.y + _dropM);
            }
            return true;
        }
    }
}
