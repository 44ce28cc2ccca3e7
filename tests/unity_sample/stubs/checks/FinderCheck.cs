// The tool that finds contacts, on heights and on clips whose contacts are known.
using System;
using System.Collections.Generic;
using UnityEngine;
using Debug = UnityEngine.Debug;

namespace StereoSync.Checks
{
    internal static class FinderCheck
    {
        public static void Run()
        {
            Heights();
#if UNITY_EDITOR
            Clips();
            NoFeet();
#endif
        }

        static void Heights()
        {
            const int steps = 240;
            Find("loop", steps, true, t => Swing(t - 0.3));
            Find("loop_over_the_end", steps, true, t => Swing(t - 0.02));
            Find("twice", steps, true, t => Swing(2 * t - 0.3));
            Find("once", steps, false, t => Swing(t - 0.3));
            Find("stands", steps, true, t => 0.009 * Math.Sin(6.28 * t));
            Find("trembles", steps, true, t => Swing(t - 0.3) + 0.004 * Math.Sin(300 * t));
            Find("on_a_step", steps, true, t => 1.2 + Swing(t - 0.3));
        }

        /// <summary>In the air for the last 0.4 of each turn: 12 cm high, down with a speed of 1 m/s at whole numbers.</summary>
        static double Swing(double turn)
        {
            double left = 1 - (turn - Math.Floor(turn));
            return left >= 0.4 ? 0 : left * (0.4 - left) * 3;
        }

        static void Find(string name, int steps, bool loops, Func<double, double> heightM)
        {
            var heights = new float[loops ? steps : steps + 1];
            for (int i = 0; i < heights.Length; i++) heights[i] = (float)heightM(i / (double)steps);
            Program.Say(name, string.Join(" ", ContactFinder.Find(heights, 1f / steps, loops).ConvertAll(t => t.ToString("R")).ToArray()));
        }

#if UNITY_EDITOR
        static void Clips()
        {
            GameObject body = Body();
            var character = body.AddComponent<StereoSyncCharacter>();
            character.SetFeet(Find(body, "left"), Find(body, "right"));
            AnimationClip own = Walk(1, "Assets/own.anim"), model = Walk(0.5f, "Assets/hero/hero.fbx"), done = Walk(1, "Assets/done.anim");
            done.Events = new[] { new AnimationEvent { functionName = "OnFootstep", time = 0.5f } };
            AnimationClip stands = new AnimationClip { name = "idle", length = 1, isLooping = true };
            body.AddComponent<Animator>().runtimeAnimatorController =
                new RuntimeAnimatorController { animationClips = new[] { own, model, done, stands, own } };
            float leftM = Find(body, "left").position.y;
            int before = GameObjects();
            FindContacts.Run(body);
            Program.Say("untouched", Find(body, "left").position.y == leftM, GameObjects() - before);
            foreach (AnimationEvent found in own.Events)
                Program.Say("event", found.functionName, found.time, found.stringParameter, found.messageOptions);
            Program.Say("others", model.Events.Length, done.Events.Length, stands.Events.Length);
            StereoSyncContacts asset = character.Told.besideClips;
            Program.Say("asset", UnityEditor.AssetDatabase.GetAssetPath(asset).Replace(' ', '_'), asset.clips.Count, asset.clips[0].clip == model);
            foreach (ContactMoment moment in asset.clips[0].moments) Program.Say("beside", moment.timeS, moment.side);
            Program.Say("saved", UnityEditor.EditorUtility.Dirty.Contains(asset), UnityEditor.EditorUtility.Dirty.Contains(character));
            FindContacts.Run(body);
            Program.Say("again", own.Events.Length, asset.clips.Count, character.Told.besideClips == asset);
            Program.Say("console", string.Join(" | ", Debug.Lines.ToArray()));
        }

        static int GameObjects()
        {
            return UnityEngine.Object.FindObjectsOfType<Transform>(true).Length;
        }

        static GameObject Body()
        {
            var body = new GameObject("hero");
            foreach (string name in new[] { "left", "right" })
            {
                Transform foot = new GameObject(name).transform;
                foot.SetParent(body.transform, false);
                foot.localPosition = new Vector3(0, 0.1f, 0);
            }
            body.transform.position = new Vector3(3, 7, 3);
            return body;
        }

        static Transform Find(GameObject body, string name)
        {
            return Array.Find(body.GetComponentsInChildren<Transform>(), t => t.gameObject.name == name);
        }

        /// <summary>Left down at 0.3 of its length, right at 0.8.</summary>
        static AnimationClip Walk(float lengthS, string path)
        {
            var clip = new AnimationClip { name = "walk", length = lengthS, isLooping = true };
            clip.Pose = (body, timeS) =>
            {
                Find(body, "left").localPosition = new Vector3(0, 0.1f + (float)Swing(timeS / lengthS - 0.3), 0);
                Find(body, "right").localPosition = new Vector3(0, 0.1f + (float)Swing(timeS / lengthS - 0.8), 0);
            };
            UnityEditor.AssetDatabase.Paths[clip] = path;
            return clip;
        }

        static void NoFeet()
        {
            var body = new GameObject("blob");
            body.AddComponent<Animator>().runtimeAnimatorController = new RuntimeAnimatorController { animationClips = new AnimationClip[0] };
            Debug.Lines.Clear();
            FindContacts.Run(body);
            Program.Say("no_feet", Debug.Lines[0]);
        }
#endif
    }
}
