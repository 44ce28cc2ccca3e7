// The feet of a character. Main thread only; nothing is allocated after they were found.
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Finds the feet of a rig, reads where they are, and remembers which of them swung last.</summary>
    internal sealed class CharacterFeet
    {
        const double SwingS = 0.2; // a foot that comes down was elsewhere this long ago, one that stood was not

        readonly List<FootBones> _bones = new List<FootBones>(BoxSpec.MaxFeet);
        readonly List<Vector3> _places = new List<Vector3>(BoxSpec.MaxFeet);
        readonly List<Vector3> _trails = new List<Vector3>(BoxSpec.MaxFeet); // places, smoothed over the time of a swing
        readonly List<FootSide> _sides = new List<FootSide>(BoxSpec.MaxFeet);
        double _readS;

        /// <param name="animator">Null where there is none.</param>
        public CharacterFeet(ToldSettings settings, Animator animator)
        {
            if (settings.leftFoot != null || settings.rightFoot != null)
            {
                Add(FootSide.Left, settings.leftFoot, null);
                Add(FootSide.Right, settings.rightFoot, null);
                Add(FootSide.Left, settings.leftHindFoot, null);
                Add(FootSide.Right, settings.rightHindFoot, null);
            }
            else if (animator != null && animator.isHuman)
            {
                Add(FootSide.Left, animator.GetBoneTransform(HumanBodyBones.LeftFoot), animator.GetBoneTransform(HumanBodyBones.LeftToes));
                Add(FootSide.Right, animator.GetBoneTransform(HumanBodyBones.RightFoot), animator.GetBoneTransform(HumanBodyBones.RightToes));
            }
        }

        void Add(FootSide side, Transform ankle, Transform toes)
        {
            if (ankle != null)
            {
                _bones.Add(new FootBones(side, ankle, toes));
            }
        }

        /// <summary>Feet that <see cref="Read"/> found.</summary>
        public int Count { get { return _places.Count; } }

        /// <summary>The side of one of them.</summary>
        public FootSide Side(int index)
        {
            return _sides[index];
        }

        /// <summary>Where one of them was at the last <see cref="Read"/>, world.</summary>
        public Vector3 Place(int index)
        {
            return _places[index];
        }

        /// <summary>Reads all feet as they are posed now.</summary>
        /// <param name="nowS">The game's time, s.</param>
        public void Read(double nowS)
        {
            _places.Clear();
            _sides.Clear();
            foreach (FootBones bones in _bones)
            {
                Vector3 place;
                if (bones.TryPlace(out place))
                {
                    _places.Add(place);
                    _sides.Add(bones.Side);
                }
            }
            Trail(nowS);
        }

        void Trail(double nowS)
        {
            double passedS = nowS - _readS;
            bool anew = _trails.Count != _places.Count || passedS < 0 || passedS > 5 * SwingS;
            float share = (float)(1 - System.Math.Exp(-passedS / SwingS));
            for (int i = 0; i < _places.Count; i++)
            {
                Vector3 trail = anew ? _places[i] : Vector3.Lerp(_trails[i], _places[i], share);
                if (i < _trails.Count)
                {
                    _trails[i] = trail;
                }
                else
                {
                    _trails.Add(trail);
                }
            }
            _trails.RemoveRange(_places.Count, _trails.Count - _places.Count);
            _readS = nowS;
        }

        /// <summary>The side whose foot has moved farthest of late; null where no foot moves, or none is known.</summary>
        public FootSide? Swung()
        {
            FootSide? side = null;
            float farthest = 0;
            for (int i = 0; i < _places.Count; i++)
            {
                float moved = (_places[i] - _trails[i]).sqrMagnitude;
                if (moved > farthest)
                {
                    farthest = moved;
                    side = _sides[i];
                }
            }
            return side;
        }
    }
}
