// Boxes of known bodies before known cameras. The Python test projects the same corners by itself.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class BoxCheck
    {
        static readonly FrameView View = new FrameView();

        public static void Run()
        {
            Look(new Vector3(0, 1.5f, 0), 0, 0);
            Cubes();
            Skin();
            Camera camera = Look(new Vector3(1, 2, -1), 10, 25);
            Show("turned", Cube(new Vector3(2, 1, 5), new Vector3(0.5f, 1.8f, 0.4f), 30));
            Positions();
            Look(new Vector3(0, 1.5f, 0), 0, 0);
            Many();
            Program.Say("aspect", camera.aspect);
        }

        static Camera Look(Vector3 place, float pitchDeg, float yawDeg)
        {
            var camera = new GameObject("camera").AddComponent<Camera>();
            camera.transform.SetPositionAndRotation(place, Quaternion.Euler(pitchDeg, yawDeg, 0));
            camera.fieldOfView = 55;
            camera.nearClipPlane = 0.3f;
            camera.farClipPlane = 100;
            camera.aspect = 16f / 9f;
            View.Set(camera, 320, 180);
            return camera;
        }

        static void Cubes()
        {
            StereoSyncCharacter two = Cube(new Vector3(-1, 1, 6), new Vector3(0.4f, 1, 0.3f), 0);
            Part(two.transform, new Vector3(-1.5f, 0.2f, 6.2f), new Vector3(0.1f, 0.1f, 0.1f), 0);
            two.RefreshRenderers();
            Show("two_parts", two);
            two.GetComponentsInChildren<Renderer>()[1].enabled = false;
            Show("one_hidden", two);
            StereoSyncCharacter slanted = Cube(new Vector3(1, 1, 4), new Vector3(2, 2, 0.2f), 45);
            Show("tight", slanted);
            slanted.BoxMode = BoxMode.Bounds;
            Show("loose", slanted);
            Show("behind", Cube(new Vector3(0, 1, -5), Vector3.one, 0));
            Show("outside", Cube(new Vector3(40, 1, 5), Vector3.one, 0));
            Show("partly", Cube(new Vector3(5.5f, 1, 6), new Vector3(1.5f, 1, 1), 0));
            Show("through_near_plane", Cube(new Vector3(0.5f, 1.5f, 0), new Vector3(0.2f, 0.2f, 8), 0));
        }

        static void Skin()
        {
            var body = new GameObject("skinned");
            body.transform.localScale = new Vector3(2, 2, 2);
            body.transform.position = new Vector3(0.5f, 0, 8);
            var skin = body.AddComponent<SkinnedMeshRenderer>();
            skin.Imported = new Bounds(Vector3.zero, new Vector3(3, 3, 3));
            skin.Posed = new List<Vector3> { new Vector3(-0.6f, 0, 0), new Vector3(0.6f, 0.2f, 0.1f), new Vector3(0, 3.4f, 0) };
            Show("skinned", body.AddComponent<StereoSyncCharacter>());
        }

        static void Positions()
        {
            StereoSyncCharacter placed = Cube(new Vector3(2, 1, 5), Vector3.one, 0);
            placed.SendPosition = true;
            var frame = new FrameMessage();
            new CharacterBoxes().Fill(frame, new[] { placed }, View);
            BoxSpec box = frame.Boxes[0];
            Program.Say("position", box.Position.Value.XM, box.Position.Value.YM, box.Position.Value.ZM);
        }

        static void Many()
        {
            var all = new List<StereoSyncCharacter>();
            for (int i = 0; i < 70; i++) all.Add(Cube(new Vector3(0, 1, 5 + i), Vector3.one, 0));
            var frame = new FrameMessage();
            var boxes = new CharacterBoxes();
            boxes.Fill(frame, all, View);
            var ids = new HashSet<long>();
            foreach (BoxSpec box in frame.Boxes) ids.Add(box.Id);
            Program.Say("many", frame.Boxes.Count, ids.Count, boxes.Newest.Count);
            Program.Say("many_fault", boxes.Fault);
            frame.Clear();
            boxes.Fill(frame, new[] { all[0], all[0], all[1] }, View);
            Program.Say("twice", frame.Boxes.Count);
            Program.Say("twice_fault", boxes.Fault);
            long first = all[3].Id;
            Program.Say("stable", first == all[3].Id, first < 0, StereoSyncCharacter.All.Contains(all[3]));
            all[3].enabled = false;
            Program.Say("disabled", StereoSyncCharacter.All.Contains(all[3]));
        }

        static StereoSyncCharacter Cube(Vector3 place, Vector3 size, float turnDeg)
        {
            var body = new GameObject("body");
            Part(body.transform, place, size, turnDeg);
            return body.AddComponent<StereoSyncCharacter>();
        }

        static void Part(Transform parent, Vector3 place, Vector3 size, float turnDeg)
        {
            GameObject part = GameObject.CreatePrimitive(PrimitiveType.Cube);
            part.transform.SetParent(parent, false);
            part.transform.SetPositionAndRotation(place, Quaternion.Euler(0, turnDeg, 0));
            part.transform.localScale = size;
        }

        static void Show(string name, StereoSyncCharacter character)
        {
            PixelBox box;
            bool seen = character.TryBox(View, new PointCloud(), out box);
            if (seen) Program.Say(name, box.X0, box.Y0, box.X1, box.Y1);
            else Program.Say(name, "none");
        }
    }
}
