// Plays clips on a copy of a character, step by step. Main thread of the editor only.
using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace StereoSync
{
    /// <summary>A character's poses in clips, and when its feet come down. The copy is never seen and never saved.</summary>
    internal sealed class ClipSampler : IDisposable
    {
        const float StepS = 1 / 240f; // contacts are heard to a few milliseconds

        readonly GameObject _copy, _animated;
        readonly CharacterFeet _feet;

        /// <param name="character">In its rig's own pose, as it stands in the scene while nothing plays.</param>
        public ClipSampler(GameObject character, ToldSettings settings)
        {
            _copy = Object.Instantiate(character);
            _copy.hideFlags = HideFlags.HideAndDontSave;
            _copy.transform.SetPositionAndRotation(Vector3.zero, Quaternion.identity);
            Animator animator = _copy.GetComponentInChildren<Animator>();
            _feet = new CharacterFeet(On(_copy.transform, character.transform, settings), animator);
            _feet.Read(0);
            _animated = animator == null ? _copy : animator.gameObject;
        }

        /// <summary>Feet that were found.</summary>
        public int Feet { get { return _feet.Count; } }

        /// <summary>The side of one of them.</summary>
        public FootSide Side(int foot)
        {
            return _feet.Side(foot);
        }

        /// <summary>Where one of them is in the last pose, in the copy's first place: x right, y up, z ahead.</summary>
        public Vector3 Place(int foot)
        {
            return _feet.Place(foot);
        }

        /// <summary>The copy in its last pose; it began at the origin, unturned.</summary>
        public GameObject Copy { get { return _copy; } }

        /// <summary>Poses the copy.</summary>
        /// <param name="timeS">From the clip's beginning, s.</param>
        public void Pose(AnimationClip clip, float timeS)
        {
            clip.SampleAnimation(_animated, timeS);
            _feet.Read(timeS);
        }

        /// <summary>When which foot comes down, in order.</summary>
        public List<ContactMoment> Contacts(AnimationClip clip)
        {
            var moments = new List<ContactMoment>();
            List<float>[] timesS = ContactTimes(clip);
            for (int foot = 0; foot < timesS.Length; foot++)
            {
                foreach (float timeS in timesS[foot])
                {
                    moments.Add(new ContactMoment { timeS = timeS, side = _feet.Side(foot) });
                }
            }
            moments.Sort((a, b) => a.timeS.CompareTo(b.timeS));
            return moments;
        }

        /// <summary>When each foot comes down, s from the clip's beginning.</summary>
        public List<float>[] ContactTimes(AnimationClip clip)
        {
            int steps = Math.Max(1, (int)Math.Round(clip.length / StepS));
            float stepS = clip.length / steps;
            var heightsM = new float[_feet.Count][];
            for (int foot = 0; foot < heightsM.Length; foot++)
            {
                heightsM[foot] = new float[clip.isLooping ? steps : steps + 1];
            }
            Sample(clip, heightsM, stepS);
            return Array.ConvertAll(heightsM, heights => ContactFinder.Find(heights, stepS, clip.isLooping));
        }

        void Sample(AnimationClip clip, float[][] heightsM, float stepS)
        {
            for (int i = 0; heightsM.Length > 0 && i < heightsM[0].Length; i++)
            {
                Pose(clip, i * stepS);
                for (int foot = 0; foot < heightsM.Length; foot++)
                {
                    heightsM[foot][i] = _feet.Place(foot).y;
                }
            }
        }

        /// <summary>The same feet on the copy.</summary>
        static ToldSettings On(Transform copy, Transform original, ToldSettings settings)
        {
            return new ToldSettings
            {
                leftFoot = Same(settings.leftFoot, original, copy),
                rightFoot = Same(settings.rightFoot, original, copy),
                leftHindFoot = Same(settings.leftHindFoot, original, copy),
                rightHindFoot = Same(settings.rightHindFoot, original, copy),
            };
        }

        static Transform Same(Transform bone, Transform original, Transform copy)
        {
            if (bone == null || bone == original)
            {
                return bone == null ? null : copy;
            }
            Transform parent = Same(bone.parent, original, copy);
            return parent == null ? null : parent.GetChild(bone.GetSiblingIndex());
        }

        /// <summary>Takes the copy away.</summary>
        public void Dispose()
        {
            Object.DestroyImmediate(_copy);
        }
    }
}
