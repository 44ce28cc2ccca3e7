// What a character tells of its feet and their ground, read from rigs and floors that are known.
using System;
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class ToldCheck
    {
        public static void Run()
        {
            Humanoid();
            Generic();
            NoRig();
            Grounds();
            Terrain();
            Switches();
            Costs();
        }

        // Rigs

        /// <summary>Ankles 9 cm and toes 2 cm above the floor, feet 20 cm apart.</summary>
        static GameObject Rig(bool toes)
        {
            var body = new GameObject("body");
            var bones = new Dictionary<HumanBodyBones, string>();
            Bone(body, bones, HumanBodyBones.LeftFoot, new Vector3(-0.1f, 0.09f, 0));
            Bone(body, bones, HumanBodyBones.RightFoot, new Vector3(0.1f, 0.09f, 0));
            if (toes)
            {
                Bone(body, bones, HumanBodyBones.LeftToes, new Vector3(-0.1f, 0.02f, 0.15f));
                Bone(body, bones, HumanBodyBones.RightToes, new Vector3(0.1f, 0.02f, 0.15f));
            }
            body.AddComponent<Animator>().Bones = bones;
            return body;
        }

        static void Bone(GameObject body, Dictionary<HumanBodyBones, string> bones, HumanBodyBones bone, Vector3 place)
        {
            bones[bone] = bone.ToString();
            Transform made = new GameObject(bone.ToString()).transform;
            made.SetParent(body.transform, false);
            made.localPosition = place;
        }

        static Transform Find(GameObject body, HumanBodyBones bone)
        {
            return Array.Find(body.GetComponentsInChildren<Transform>(), t => t.gameObject.name == bone.ToString());
        }

        static BoxSpec Tell(StereoSyncCharacter character)
        {
            var box = new BoxSpec();
            character.Tell(box, 100);
            box.Check();
            return box;
        }

        static void Humanoid()
        {
            Say("flat", Tell(Rig(true).AddComponent<StereoSyncCharacter>()));
            Say("no_toes", Tell(Rig(false).AddComponent<StereoSyncCharacter>()));
            GameObject body = Rig(true);
            var walker = body.AddComponent<StereoSyncCharacter>();
            Find(body, HumanBodyBones.LeftToes).localPosition = new Vector3(-0.1f, 0.15f, 0.2f); // the heel comes down first
            Find(body, HumanBodyBones.RightFoot).localPosition = new Vector3(0.1f, 0.2f, 0); // the toes push off
            Say("heel_and_toe", Tell(walker));
            UnityEngine.Object.DestroyImmediate(Find(body, HumanBodyBones.LeftFoot).gameObject);
            Say("one_gone", Tell(walker));
        }

        static void Generic()
        {
            var body = new GameObject("dog");
            var feet = new Transform[4];
            for (int i = 0; i < 4; i++)
            {
                feet[i] = new GameObject("paw" + i).transform;
                feet[i].SetParent(body.transform, false);
                feet[i].localPosition = new Vector3(0.1f * i, 0.05f, 0);
            }
            var dog = body.AddComponent<StereoSyncCharacter>();
            dog.SetFeet(feet[0], feet[1]);
            Say("two", Tell(dog));
            dog.Told.leftHindFoot = feet[2];
            dog.Told.rightHindFoot = feet[3];
            dog.RefreshBones();
            Say("four", Tell(dog));
        }

        static void NoRig()
        {
            Floor("PM_Gravel_01", null, 0);
            Say("no_rig", Tell(new GameObject("blob").AddComponent<StereoSyncCharacter>()));
        }

        // Grounds

        static Collider Floor(string material, string tag, float topM)
        {
            return Floor<Collider>(material, tag, topM);
        }

        static T Floor<T>(string material, string tag, float topM) where T : Collider
        {
            Physics.Floors.Clear();
            return Add<T>(material, tag, topM);
        }

        static T Add<T>(string material, string tag, float topM) where T : Collider
        {
            var floor = new GameObject("floor").AddComponent<T>();
            floor.Corner = new Vector3(-50, 0, -50);
            floor.Size = new Vector3(100, 0, 100);
            floor.TopM = topM;
#if UNITY_6000_0_OR_NEWER
            floor.sharedMaterial = material == null ? null : new PhysicsMaterial { name = material };
#else
            floor.sharedMaterial = material == null ? null : new PhysicMaterial { name = material };
#endif
            if (tag != null) floor.tag = tag;
            Physics.Floors.Add(floor);
            return floor;
        }

        static void Grounds()
        {
            GameObject body = Rig(true);
            var walker = body.AddComponent<StereoSyncCharacter>();
            Floor("PM_Gravel_01", "Wood", 0);
            Ground("material", walker);
            Floor(null, "Wood", 0);
            Ground("tag", walker);
            Floor(null, null, 0);
            Ground("nothing", walker);
            Floor("Snow", null, 0.05f); // the feet sink in
            Ground("above", walker);
            Floor("Snow", null, -3);
            Ground("far_below", walker);
            Floor("Snow", null, 0).Layer = 2;
            Ground("ignored_layer", walker);
            Floor("Snow", null, -0.2f);
            Add<Collider>("Wood", null, 0);
            Ground("nearest", walker);
            Floor("Snow", null, 0);
            Add<Collider>("Skin", null, 0.05f).transform.SetParent(Find(body, HumanBodyBones.LeftFoot), false);
            Ground("own_collider", walker);
            Physics.Floors.Clear();
            Ground("void", walker);
        }

        static void Terrain()
        {
            var layers = new[] { new TerrainLayer { name = "Grass" }, new TerrainLayer { name = "Mud" }, new TerrainLayer { name = "" } };
            var shares = new float[40, 40, 3];
            for (int z = 0; z < 40; z++)
                for (int x = 0; x < 40; x++)
                    shares[z, x, x < 20 ? 0 : z < 20 ? 1 : 2] = 0.7f;
            var data = new TerrainData { Layers = layers, Shares = shares, size = new Vector3(80, 10, 80) };
            TerrainCollider ground = Floor<TerrainCollider>(null, null, 0);
            ground.terrainData = data;
            ground.transform.position = ground.Corner;
            foreach (float x in new[] { -49.5f, -10.5f, -9.5f, 29 })
                foreach (float z in new[] { -49.5f, -10.5f, -9.5f })
                    Program.Say("layer", x, z, GroundNames.Of(ground, new Vector3(x, 0, z)));
            Program.Say("layer_reads", data.Reads);
            for (int i = 0; i < 100; i++) GroundNames.Of(ground, new Vector3(-40 + i * 0.1f, 0, -40));
            Program.Say("layer_reads", data.Reads);
            TerrainCollider named = Floor<TerrainCollider>("Sand", null, 0);
            named.terrainData = data;
            Program.Say("terrain_material", GroundNames.Of(named, new Vector3(-49, 0, -49)), data.Reads);
            Program.Say("outside", GroundNames.Of(ground, new Vector3(1000, 0, -1000)));
        }

        // Switches and costs

        static void Switches()
        {
            Floor("Gravel", null, 0);
            var walker = Rig(true).AddComponent<StereoSyncCharacter>();
            walker.Surface = "Ice";
            int rays = Physics.Rays;
            Say("own_word", Tell(walker));
            walker.Surface = "";
            walker.Told.ground = false;
            Say("no_ground", Tell(walker));
            Program.Say("rays_without", Physics.Rays - rays);
            walker.Told.ground = true;
            walker.Told.feet = false;
            Say("no_feet", Tell(walker));
            walker.Told.ground = false;
            Say("nothing_told", Tell(walker));
        }

        static void Costs()
        {
            Floor("Gravel", null, 0);
            GameObject body = Rig(true);
            var animator = body.GetComponent<Animator>();
            animator.runtimeAnimatorController = new RuntimeAnimatorController();
            var walk = new AnimationClip { length = 1, isLooping = true, Events = new[] { new AnimationEvent { functionName = "OnLand" } } };
            animator.Playing.Add(new AnimatorClipInfo { clip = walk, weight = 1 });
            var walker = body.AddComponent<StereoSyncCharacter>();
            var box = new BoxSpec();
            int contacts = 0;
            Action tell = () =>
            {
                box.Clear();
                Time.timeAsDouble += 0.033;
                animator.State = new AnimatorStateInfo { normalizedTime = (float)Time.timeAsDouble, speed = 1, speedMultiplier = 1, loop = true };
                walker.TellContact(FootSide.Left, 0.05f);
                walker.Tell(box, 100);
                contacts += box.Contacts.Count;
            };
            for (int i = 0; i < 100; i++) tell(); // a whole turn of the clip, and the mixed contacts of it
            int rays = Physics.Rays;
            tell();
            Program.Say("rays", Physics.Rays - rays);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++) tell();
            Program.Say("bytes", (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0, contacts > 1000);
        }

        static void Ground(string name, StereoSyncCharacter walker)
        {
            foreach (FootSpec foot in Tell(walker).Feet) Program.Say(name, foot.Side, foot.Surface);
        }

        static void Say(string name, BoxSpec box)
        {
            Program.Say(name + "_surface", box.Surface);
            foreach (FootSpec foot in box.Feet) Program.Say(name, foot.Side, foot.XM, foot.YM, foot.ZM, foot.Surface);
        }
    }
}
