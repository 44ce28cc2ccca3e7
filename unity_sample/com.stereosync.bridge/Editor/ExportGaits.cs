// The tool that writes a character's gaits for stereosync-fit. Main thread of the editor only.
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Takes the selected character's clips one by one and writes those that are gaits into one file beside the project's Assets.</summary>
    internal static class ExportGaits
    {
        const string Menu = "Tools/StereoSync/Export Gaits";

        [MenuItem(Menu, true)]
        static bool CanRun()
        {
            return FindContacts.CanRun();
        }

        [MenuItem(Menu)]
        static void Run()
        {
            Run(Selection.activeGameObject);
        }

        /// <summary>Writes the gaits of a character; says in the console what it wrote, and why it left clips out.</summary>
        internal static void Run(GameObject selected)
        {
            List<ClipGait> gaits = Gaits(selected);
            if (gaits.Count == 0)
            {
                Debug.LogWarning("StereoSync: no gait was found on " + selected.name + ", so no file was written.", selected);
                return;
            }
            string path = GaitFile.FreePath(Path.GetDirectoryName(Application.dataPath), selected.name);
            File.WriteAllText(path, GaitFile.Text(selected.name, gaits));
            Debug.Log("StereoSync: " + gaits.Count + " gaits of " + selected.name + " were written; next: stereosync-fit \"" + path
                + "\" --bundle walk --out my-walk", selected);
        }

        static List<ClipGait> Gaits(GameObject selected)
        {
            StereoSyncCharacter character = selected.GetComponentInChildren<StereoSyncCharacter>();
            ToldSettings settings = character == null ? new ToldSettings() : character.Told;
            var gaits = new List<ClipGait>();
            bool areBones = false;
            foreach (AnimationClip clip in new HashSet<AnimationClip>(FindContacts.AnimatorOf(selected).runtimeAnimatorController.animationClips))
            {
                try
                {
                    gaits.Add(GaitSampler.Of(selected, settings, clip, out areBones));
                }
                catch (NoGaitException no)
                {
                    Debug.Log("StereoSync: the clip " + clip.name + " was left out: " + no.Message + ".", selected);
                }
            }
            if (areBones)
            {
                Debug.LogWarning("StereoSync: nothing of " + selected.name + " is drawn, so its bones stand for its body.", selected);
            }
            return gaits;
        }
    }
}
