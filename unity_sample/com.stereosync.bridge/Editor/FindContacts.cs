// The tool that finds contacts in clips without events. Main thread of the editor only.
using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace StereoSync
{
    /// <summary>
    /// Takes the selected character's clips one by one. Clips that are files of their own get events; those within models, which the importer
    /// would make anew, get an asset beside them, which the character is then told.
    /// </summary>
    internal static class FindContacts
    {
        const string Menu = "Tools/StereoSync/Find Contacts";

        [MenuItem(Menu, true)]
        internal static bool CanRun()
        {
            return !EditorApplication.isPlaying && AnimatorOf(Selection.activeGameObject) != null;
        }

        [MenuItem(Menu)]
        static void Run()
        {
            Run(Selection.activeGameObject);
        }

        internal static Animator AnimatorOf(GameObject selected)
        {
            Animator animator = selected == null ? null : selected.GetComponentInChildren<Animator>();
            return animator == null || animator.runtimeAnimatorController == null ? null : animator;
        }

        /// <summary>Finds and writes the contacts of all clips of a character; says what it did in the console.</summary>
        internal static void Run(GameObject selected)
        {
            StereoSyncCharacter character = selected.GetComponentInChildren<StereoSyncCharacter>();
            ToldSettings settings = character == null ? new ToldSettings() : character.Told;
            var beside = new List<ContactsOfClip>();
            int events = 0;
            using (var sampler = new ClipSampler(selected, settings))
            {
                if (sampler.Feet == 0)
                {
                    Debug.LogWarning("StereoSync: no feet were found on " + selected.name
                        + ": make the rig humanoid, or set Left Foot and Right Foot of its StereoSync Character.", selected);
                    return;
                }
                foreach (AnimationClip clip in new HashSet<AnimationClip>(AnimatorOf(selected).runtimeAnimatorController.animationClips))
                {
                    List<ContactMoment> moments = HasContacts(clip, settings) ? new List<ContactMoment>() : sampler.Contacts(clip);
                    events += Write(clip, moments, beside);
                }
            }
            WriteBeside(selected.name, character, beside);
            Debug.Log("StereoSync: contacts were written as events into " + events + " clips, and beside " + beside.Count + " others.", selected);
        }

        static bool HasContacts(AnimationClip clip, ToldSettings settings)
        {
            return clip.length <= 0 || Array.Exists(clip.events, moment => Array.IndexOf(settings.eventNames, moment.functionName) >= 0);
        }

        /// <summary>How many clips got events: one or none.</summary>
        static int Write(AnimationClip clip, List<ContactMoment> moments, List<ContactsOfClip> beside)
        {
            if (moments.Count == 0)
            {
                return 0;
            }
            if (!AssetDatabase.GetAssetPath(clip).EndsWith(".anim", StringComparison.OrdinalIgnoreCase))
            {
                beside.Add(new ContactsOfClip { clip = clip, moments = moments });
                return 0;
            }
            var events = new List<AnimationEvent>(clip.events);
            events.AddRange(moments.ConvertAll(ToEvent));
            events.Sort((a, b) => a.time.CompareTo(b.time));
            Undo.RecordObject(clip, "Find Contacts");
            AnimationUtility.SetAnimationEvents(clip, events.ToArray());
            return 1;
        }

        static AnimationEvent ToEvent(ContactMoment moment)
        {
            return new AnimationEvent
            {
                functionName = FootEvents.Footstep,
                time = moment.timeS,
                stringParameter = moment.side.Word(),
                messageOptions = SendMessageOptions.DontRequireReceiver, // other objects may play the clip
            };
        }

        static void WriteBeside(string name, StereoSyncCharacter character, List<ContactsOfClip> beside)
        {
            if (beside.Count == 0)
            {
                return;
            }
            StereoSyncContacts asset = character == null ? null : character.Told.besideClips;
            if (asset == null)
            {
                asset = ScriptableObject.CreateInstance<StereoSyncContacts>();
                string folder = Path.GetDirectoryName(AssetDatabase.GetAssetPath(beside[0].clip)).Replace('\\', '/');
                AssetDatabase.CreateAsset(asset, AssetDatabase.GenerateUniqueAssetPath(folder + "/" + name + " contacts.asset"));
            }
            Undo.RecordObject(asset, "Find Contacts");
            asset.clips.RemoveAll(entry => beside.Exists(found => found.clip == entry.clip));
            asset.clips.AddRange(beside);
            EditorUtility.SetDirty(asset);
            AssetDatabase.SaveAssets();
            if (character != null)
            {
                Undo.RecordObject(character, "Find Contacts");
                character.Told.besideClips = asset;
                EditorUtility.SetDirty(character);
            }
        }
    }
}
