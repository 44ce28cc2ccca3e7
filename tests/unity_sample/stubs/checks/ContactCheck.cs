// Contacts: animation events that are met, and those of the playing clip that lie ahead.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class ContactCheck
    {
        public static void Run()
        {
            Words();
            Gate();
            Merged();
            Ahead();
            Learned();
            Speeds();
            Changes();
            Beside();
            Scaled();
        }

        static void Words()
        {
            foreach (string text in new[] { "", "left", "Right", "L", "r", "R", "foot_left_01", "Ball", "leftright" })
                Program.Say("text", "'" + text + "'", FootEvents.FeetOf(Event(0, text)));
            foreach (string name in new[] { "OnFootstep", "OnLand", "FootL", "FootR", "StepRight", "leftFootDown", "OnFootfall" })
                Program.Say("function", name, FootEvents.FeetOf(new AnimationEvent { functionName = name }));
            Program.Say("strength", FootEvents.StrengthOf(Event(0, "")), FootEvents.StrengthOf(new AnimationEvent { functionName = "OnLand" }),
                FootEvents.StrengthOf(new AnimationEvent { functionName = "OnFootstep", floatParameter = 0.25f }),
                FootEvents.StrengthOf(new AnimationEvent { functionName = "OnFootstep", floatParameter = 7 }));
        }

        static AnimationEvent Event(float timeS, string text)
        {
            return new AnimationEvent { functionName = "OnFootstep", time = timeS, stringParameter = text };
        }

        // A character whose one clip is a walk of a second: left at 0.2 s, right at 0.7 s.

        static AnimationClip Clip(params AnimationEvent[] events)
        {
            return new AnimationClip { name = "walk", length = 1, isLooping = true, Events = events };
        }

        static StereoSyncCharacter Walker(AnimationClip clip)
        {
            var body = new GameObject("walker");
            var animator = body.AddComponent<Animator>();
            animator.runtimeAnimatorController = new RuntimeAnimatorController();
            animator.Playing.Add(new AnimatorClipInfo { clip = clip, weight = 1 });
            var walker = body.AddComponent<StereoSyncCharacter>();
            Play(walker, 0, 0);
            return walker;
        }

        static void Play(StereoSyncCharacter walker, double nowS, double cycles)
        {
            Time.timeAsDouble = nowS;
            walker.GetComponent<Animator>().State = new AnimatorStateInfo
            {
                fullPathHash = 1, normalizedTime = (float)cycles, length = 1, speed = 1, speedMultiplier = 1, loop = true,
            };
        }

        static void Meet(StereoSyncCharacter walker, string message, AnimationEvent met, float weight)
        {
            Animator animator = walker.GetComponent<Animator>();
            met.animatorClipInfo = new AnimatorClipInfo { clip = animator.Playing[0].clip, weight = weight };
            met.animatorStateInfo = animator.State;
            GameObject.Send(walker.GetComponent<StereoSyncFootsteps>(), message, met);
        }

        /// <summary>Captured at 100 s of the client's clock, so that times can be told from the game's.</summary>
        static void Say(string name, StereoSyncCharacter walker)
        {
            var box = new BoxSpec();
            walker.Tell(box, 100);
            box.Check();
            Program.Say(name + "_count", box.Contacts.Count);
            foreach (ContactSpec contact in box.Contacts)
                Program.Say(name, contact.Side, contact.TimeClientS - 100, contact.Strength, contact.Surface);
        }

        static void Gate()
        {
            StereoSyncCharacter walker = Walker(Clip());
            Play(walker, 10, 10.21);
            Meet(walker, "OnFootstep", Event(0.2f, "left"), 0.5f);
            Say("light", walker);
            Meet(walker, "OnFootstep", Event(0.2f, "left"), 0.51f);
            Say("heavy", walker); // met 10 ms after its moment
            Play(walker, 10.05, 10.26);
            Say("a_frame_later", walker);
            Play(walker, 10.2, 10.41);
            Say("gone", walker);
            Meet(walker, "OnLand", new AnimationEvent { functionName = "OnLand", time = 0.41f }, 1);
            Say("land", walker);
            walker.Told.contacts = false;
            Say("off", walker);
            walker.Told.contacts = true;
            Play(walker, 12, 12);
            Meet(walker, "OnFootstep", Event(0, ""), 1);
            Play(walker, 12.05, 12.05);
            Meet(walker, "OnFootstep", Event(0.05f, ""), 1);
            Say("sides_in_turn", walker); // no feet are known
        }

        static void Merged()
        {
            StereoSyncCharacter walker = Walker(Clip());
            Play(walker, 20, 20);
            walker.TellContact(FootSide.Left, 0.3f);
            walker.TellContact(FootSide.Left, 0.25f, 0.75f, "Ice");
            walker.TellContact(FootSide.Right, 0.3f);
            walker.TellContact(FootSide.Left, 0.45f);
            walker.TellContact(FootSide.Left, 0.6f);
            Say("merged", walker);
            for (int i = 0; i < 12; i++) walker.TellContact(FootSide.Right, -0.09f + 0.13f * (i % 4) + 0.001f * i);
            for (int i = 0; i < 6; i++) walker.TellContact(FootSide.Left, -0.09f + 0.13f * i);
            Say("many", walker);
        }

        static void Ahead()
        {
            AnimationClip walk = Clip(Event(0.2f, "left"), Event(0.7f, "right"), new AnimationEvent { functionName = "OnOther", time = 0.3f });
            StereoSyncCharacter walker = Walker(walk);
            foreach (double cycles in new[] { 30.0, 30.15, 30.5, 30.75, 30.9 })
            {
                Play(walker, cycles, cycles);
                Say("ahead_" + cycles, walker);
            }
            Program.Say("reads", walk.Reads);
            Animator animator = walker.GetComponent<Animator>();
            animator.Playing[0] = new AnimatorClipInfo { clip = walk, weight = 0.5f };
            Say("weight", walker);
            animator.Playing[0] = new AnimatorClipInfo { clip = walk, weight = 1 };
            animator.Changing = true;
            Say("transition", walker);
            animator.Changing = false;
            walker.Told.animatorLayer = 1;
            Say("no_layer", walker);
            walker.Told.animatorLayer = 0;
            animator.enabled = false;
            Say("disabled", walker);
            animator.enabled = true;
            walker.Told.eventNames = new[] { "OnOther" };
            walker.RefreshBones();
            Play(walker, 31, 31);
            Say("other_name", walker); // no word says which foot
        }

        /// <summary>Which foot an event without words means is seen when it is met: the one that moved.</summary>
        static void Learned()
        {
            StereoSyncCharacter walker = Walker(Clip(Event(0.2f, ""), Event(0.7f, "")));
            Transform left = Foot(walker), right = Foot(walker);
            walker.SetFeet(left, right);
            for (int frame = 0; frame <= 130; frame++)
            {
                double nowS = 40 + frame / 100.0, share = frame / 100.0 % 1;
                Play(walker, nowS, nowS);
                Transform swings = share < 0.2 || share >= 0.7 ? left : right;
                swings.position += new Vector3(0, 0, 0.02f);
                if (frame % 100 == 20) Meet(walker, "OnFootstep", Event(0.2f, ""), 1);
                if (frame % 100 == 70) Meet(walker, "OnFootstep", Event(0.7f, ""), 1);
                var box = new BoxSpec();
                walker.Tell(box, 100);
                if (frame == 10 || frame == 21 || frame == 71) Say("learned_" + frame, walker);
                if (frame == 110) Say("learned_110", walker);
            }
        }

        static Transform Foot(StereoSyncCharacter walker)
        {
            Transform foot = new GameObject("foot").transform;
            foot.SetParent(walker.transform, false);
            return foot;
        }

        /// <summary>The state runs at 1.6 cycles a second, whatever its figures say.</summary>
        static void Speeds()
        {
            StereoSyncCharacter walker = Walker(Clip(Event(0.2f, "left"), Event(0.7f, "right")));
            for (int frame = 0; frame <= 12; frame++)
            {
                Play(walker, 50 + frame / 30.0, 50 + 1.6 * frame / 30.0);
                if (frame == 0 || frame == 12) Say("speed_" + frame, walker);
                else walker.Tell(new BoxSpec(), 100);
            }
            Play(walker, 51, 49.0); // backwards, or another state's time
            Say("speed_unknown", walker);
        }

        /// <summary>A clip that does not loop has no next round.</summary>
        static void Changes()
        {
            StereoSyncCharacter walker = Walker(Clip(Event(0.2f, "left"), Event(0.7f, "right")));
            Animator animator = walker.GetComponent<Animator>();
            foreach (float cycles in new[] { 0.1f, 0.75f, 1.5f })
            {
                Time.timeAsDouble = 60 + cycles;
                animator.State = new AnimatorStateInfo { fullPathHash = 2, normalizedTime = cycles, speed = 1, speedMultiplier = 1, loop = false };
                Say("once_" + cycles, walker);
            }
        }

        static void Beside()
        {
            AnimationClip bare = Clip(), walk = Clip(Event(0.2f, "left"));
            var asset = ScriptableObject.CreateInstance<StereoSyncContacts>();
            foreach (AnimationClip clip in new[] { bare, walk })
            {
                var moments = new List<ContactMoment> { new ContactMoment { timeS = 0.3f, side = FootSide.Right } };
                asset.clips.Add(new ContactsOfClip { clip = clip, moments = moments });
            }
            foreach (AnimationClip clip in new[] { bare, walk, Clip() })
            {
                StereoSyncCharacter walker = Walker(clip);
                walker.Told.besideClips = asset;
                walker.RefreshBones();
                Play(walker, 70, 70);
                Say("beside", walker);
            }
        }

        /// <summary>Half speed of the game: what is 0.1 s ahead in it is heard in 0.2 s.</summary>
        static void Scaled()
        {
            StereoSyncCharacter walker = Walker(Clip(Event(0.2f, "left"), Event(0.7f, "right")));
            Time.timeScale = 0.5f;
            Play(walker, 80.1, 80.1);
            Say("slow", walker);
            Play(walker, 80.35, 80.35);
            Say("slow_far", walker);
            Time.timeScale = 1;
        }
    }
}
