// All characters to the boxes of a frame. Main thread only.
using System.Collections.Generic;
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>Fills in a frame's boxes, and remembers them for the overlay.</summary>
    internal sealed class CharacterBoxes
    {
        readonly PointCloud _points = new PointCloud();
        readonly HashSet<long> _ids = new HashSet<long>();

        /// <summary>The boxes of the newest frame, pixels of the picture, top left.</summary>
        public readonly List<PixelBox> Newest = new List<PixelBox>();

        /// <summary>What the newest frame told of each of them.</summary>
        public readonly List<ToldNote> Told = new List<ToldNote>();

        /// <summary>What is wrong with the characters, one sentence; null if nothing is.</summary>
        public string Fault { get; private set; }

        /// <summary>Adds a box for every character that is in the picture; the 65th and later ones are left out.</summary>
        public void Fill(FrameMessage frame, IList<StereoSyncCharacter> characters, FrameView view)
        {
            Newest.Clear();
            Told.Clear();
            _ids.Clear();
            Fault = null;
            for (int i = 0; i < characters.Count; i++)
            {
                PixelBox box;
                if (characters[i].TryBox(view, _points, out box) && MayAdd(characters[i], frame))
                {
                    BoxSpec added = frame.AddBox();
                    Describe(added, characters[i], box, view);
                    characters[i].Tell(added, frame.CaptureClientS);
                    Newest.Add(box);
                    Told.Add(new ToldNote(added));
                }
            }
        }

        bool MayAdd(StereoSyncCharacter character, FrameMessage frame)
        {
            if (frame.Boxes.Count >= FrameMessage.MaxBoxes)
            {
                Fault = "More than " + FrameMessage.MaxBoxes + " characters are in the picture, so the others are not heard: disable the component on those far away.";
                return false;
            }
            if (!_ids.Add(character.Id))
            {
                Fault = "Two characters have the id " + character.Id + ", so one is not heard: give each its own, or 0 for an automatic one.";
                return false;
            }
            return true;
        }

        static void Describe(BoxSpec into, StereoSyncCharacter character, PixelBox box, FrameView view)
        {
            into.Id = character.Id;
            into.Label = character.Label;
            into.X0 = box.X0;
            into.Y0 = box.Y0;
            into.X1 = box.X1;
            into.Y1 = box.Y1;
            into.Tight = character.BoxMode == BoxMode.Mesh;
            if (character.SendPosition)
            {
                var middle = character.Middle;
                into.Position = BoxProjector.ToCamera(view.WorldToCamera, middle.x, middle.y, middle.z, 1);
            }
        }
    }
}
