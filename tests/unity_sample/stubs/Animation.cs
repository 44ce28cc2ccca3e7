// Stand-ins for UnityEngine's animation: an Animator that is in the state that the test says, clips that are a function of time.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public enum HumanBodyBones { Hips = 0, LeftFoot = 5, RightFoot = 6, LeftToes = 19, RightToes = 20 }

    public enum SendMessageOptions { RequireReceiver, DontRequireReceiver }

    public sealed class AnimationEvent
    {
        public AnimationEvent() { stringParameter = ""; functionName = ""; }

        public string functionName { get; set; }

        public string stringParameter { get; set; }

        public float floatParameter { get; set; }

        public float time { get; set; }

        public SendMessageOptions messageOptions { get; set; }

        public AnimatorStateInfo animatorStateInfo { get; set; }

        public AnimatorClipInfo animatorClipInfo { get; set; }
    }

    public sealed class AnimationClip : Object
    {
        /// <summary>Test: what the clip makes of an object at a time, and how often the events were asked for.</summary>
        public Action<GameObject, float> Pose = delegate { };
        public AnimationEvent[] Events = new AnimationEvent[0];
        public int Reads;

        public float length { get; set; }

        public bool isLooping { get; set; }

        public AnimationEvent[] events { get { Reads++; return (AnimationEvent[])Events.Clone(); } }

        public void SampleAnimation(GameObject go, float time) { Pose(go, time); }
    }

    public class RuntimeAnimatorController : Object { public AnimationClip[] animationClips { get; set; } }

    public struct AnimatorStateInfo
    {
        public int fullPathHash { get; set; }

        public float normalizedTime { get; set; }

        public float length { get; set; }

        public float speed { get; set; }

        public float speedMultiplier { get; set; }

        public bool loop { get; set; }
    }

    public struct AnimatorClipInfo
    {
        public AnimationClip clip { get; set; }

        public float weight { get; set; }
    }

    public sealed class Animator : Behaviour
    {
        /// <summary>Test: the rig by names of its bones (null: not humanoid), and the state that plays.</summary>
        public Dictionary<HumanBodyBones, string> Bones;
        public AnimatorStateInfo State;
        public List<AnimatorClipInfo> Playing = new List<AnimatorClipInfo>();
        public bool Changing;

        public Animator() { speed = 1; layerCount = 1; }

        public float speed { get; set; }

        public int layerCount { get; set; }

        public bool isHuman { get { return Bones != null; } }

        public RuntimeAnimatorController runtimeAnimatorController { get; set; }

        public Transform GetBoneTransform(HumanBodyBones bone)
        {
            string wanted;
            if (!Bones.TryGetValue(bone, out wanted)) return null;
            return Array.Find(GetComponentsInChildren<Transform>(), t => t.gameObject.name == wanted);
        }

        public bool IsInTransition(int layerIndex) { return Changing; }

        public AnimatorStateInfo GetCurrentAnimatorStateInfo(int layerIndex) { return State; }

        public void GetCurrentAnimatorClipInfo(int layerIndex, List<AnimatorClipInfo> clips) { clips.Clear(); clips.AddRange(Playing); }
    }
}
