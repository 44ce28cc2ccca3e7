// The tool that exports gaits, on clips of a body whose points are known: a trunk of 400 points that leans ahead, and two soles below the feet.
using System;
using System.Collections.Generic;
using System.IO;
using UnityEngine;
using Debug = UnityEngine.Debug;

namespace StereoSync.Checks
{
    internal static class ExportCheck
    {
        /// <param name="folder">Of the project.</param>
        public static void Run(string folder)
        {
#if UNITY_EDITOR
            Export(folder);
#endif
        }

#if UNITY_EDITOR
        static void Export(string folder)
        {
            Application.dataPath = Path.Combine(folder, "Assets");
            GameObject body = Body();
            var character = body.AddComponent<StereoSyncCharacter>();
            character.SetFeet(Find(body, "left"), Find(body, "right"));
            AnimationClip told = Walk("told \"walk\"", 1.1f, new Vector3(0, 0, 1.5f));
            told.Events = new[] { Event("left", 0.33f), Event("right", 1.1f) };
            AnimationClip once = Walk("once", 1, Vector3.zero), turns = Walk("turns", 1, Vector3.zero);
            once.isLooping = false;
            turns.Pose = (copy, timeS) => { Pose(copy, timeS, Vector3.zero); copy.transform.rotation = Quaternion.Euler(0, 90 * timeS, 0); };
            AnimationClip stands = Walk("stands", 1, Vector3.zero);
            stands.Pose = (copy, timeS) => Pose(copy, 0, Vector3.zero);
            AnimationClip two = Walk("two", 2, Vector3.zero);
            two.Pose = (copy, timeS) => Pose(copy, timeS, Vector3.zero);
            AnimationClip[] clips = { told, Walk("found", 0.5f, Vector3.zero), Walk("strafe", 1, Vector3.right), once, turns, stands, two };
            body.AddComponent<Animator>().runtimeAnimatorController = new RuntimeAnimatorController { animationClips = clips };
            int before = UnityEngine.Object.FindObjectsOfType<Transform>(true).Length;
            ExportGaits.Run(body);
            ExportGaits.Run(body);
            Program.Say("untouched", UnityEngine.Object.FindObjectsOfType<Transform>(true).Length - before);
            Bones();
            Nothing();
            foreach (string line in Debug.Lines) Program.Say("console", line);
        }

        static AnimationEvent Event(string side, float timeS)
        {
            return new AnimationEvent { functionName = "OnFootstep", stringParameter = side, time = timeS };
        }

        /// <summary>Stands far off and turned: what is written does not depend on it.</summary>
        static GameObject Body()
        {
            var body = new GameObject("hero");
            foreach (string name in new[] { "left", "right" })
            {
                Transform foot = new GameObject(name).transform;
                foot.SetParent(body.transform, false);
                foot.localPosition = new Vector3(name == "left" ? -0.1f : 0.1f, 0.1f, 0);
            }
            var skin = new GameObject("skin");
            skin.transform.SetParent(body.transform, false);
            skin.AddComponent<SkinnedMeshRenderer>();
            body.transform.SetPositionAndRotation(new Vector3(3, 7, 3), Quaternion.Euler(0, 130, 0));
            return body;
        }

        static Transform Find(GameObject body, string name)
        {
            return Array.Find(body.GetComponentsInChildren<Transform>(), t => t.gameObject.name == name);
        }

        static AnimationClip Walk(string name, float lengthS, Vector3 way)
        {
            var clip = new AnimationClip { name = name, length = lengthS, isLooping = true };
            clip.Pose = (body, timeS) => Pose(body, timeS / lengthS, way);
            return clip;
        }

        /// <summary>The left foot is down at 0.3 of a turn, the right one at 0.8.</summary>
        static void Pose(GameObject body, float turn, Vector3 way)
        {
            body.transform.position = turn * way;
            float left = 0.1f + Swing(turn - 0.3f), right = 0.1f + Swing(turn - 0.8f);
            Find(body, "left").localPosition = new Vector3(-0.1f, left, 0);
            Find(body, "right").localPosition = new Vector3(0.1f, right, 0);
            var skin = body.GetComponentInChildren<SkinnedMeshRenderer>();
            if (skin == null) return;
            skin.Posed = new List<Vector3> { new Vector3(-0.1f, left - 0.1f, 0), new Vector3(0.1f, right - 0.1f, 0) };
            float lean = 0.1f * Mathf.Sin(2 * Mathf.PI * turn);
            for (int i = 0; i < 400; i++) skin.Posed.Add(new Vector3((i % 20) * 0.02f - 0.2f, 0.8f + i / 20 * 0.05f, lean));
        }

        static float Swing(float turn)
        {
            float left = 1 - (turn - Mathf.Floor(turn));
            return left >= 0.4f ? 0 : left * (0.4f - left) * 3;
        }

        static void Bones()
        {
            GameObject body = Body();
            body.name = "a/bare";
            UnityEngine.Object.DestroyImmediate(Find(body, "skin").gameObject);
            body.AddComponent<StereoSyncCharacter>().SetFeet(Find(body, "left"), Find(body, "right"));
            AnimationClip[] clips = { Walk("walk", 1, Vector3.zero) };
            body.AddComponent<Animator>().runtimeAnimatorController = new RuntimeAnimatorController { animationClips = clips };
            ExportGaits.Run(body);
        }

        static void Nothing()
        {
            GameObject body = Body();
            body.name = "nobody";
            AnimationClip[] clips = { Walk("walk", 1, Vector3.zero) };
            body.AddComponent<Animator>().runtimeAnimatorController = new RuntimeAnimatorController { animationClips = clips };
            ExportGaits.Run(body);
        }
#endif
    }
}
