// Places and rooms at points of a scene, and which of them wins.
using System;
using StereoSync.Bridge;
using UnityEngine;
using UnityEngine.SceneManagement;

namespace StereoSync.Checks
{
    internal static class PlaceCheck
    {
        static readonly Vector3 Here = new Vector3(1, 1.6f, 2);

        public static void Run()
        {
            Kinds();
            Nested();
            Turned();
            Zones();
            Presets();
        }

        static void Kinds()
        {
            Say("none", Here);
            StereoSyncPlace place = Place(true, Vector3.one);
            foreach (PlaceKind kind in Enum.GetValues(typeof(PlaceKind)))
            {
                place.Kind = kind;
                var scene = new FrameMessage().Scene;
                StereoSyncPlace.Tell(scene, Here);
                Program.Say("kind", kind, scene.Place == null ? "nil" : "'" + scene.Place + "'", scene.IsEmpty);
            }
            place.Ambience = false;
            place.Amount = 0.25f;
            place.SetRoom(20000, 0.5f);
            Say("all", Here);
            place.Amount = null;
            place.ForgetRoom();
            Say("forgotten", Here);
            place.enabled = false;
            Say("disabled", Here);
        }

        static StereoSyncPlace Place(bool everywhere, Vector3 size)
        {
            var place = new GameObject("place").AddComponent<StereoSyncPlace>();
            place.Everywhere = everywhere;
            place.Size = size;
            return place;
        }

        static void Nested()
        {
            StereoSyncPlace hall = Place(false, new Vector3(20, 8, 20)), cellar = Place(false, new Vector3(4, 4, 4)), world = Place(true, Vector3.one);
            world.Kind = PlaceKind.City;
            world.SetRoom(0, 0);
            hall.Kind = PlaceKind.Quiet;
            hall.SetRoom(20, 0.8f);
            cellar.SetRoom(4, 0.9f);
            Say("cellar", new Vector3(1, 1, 1));
            Say("hall", new Vector3(5, 1, 5));
            Say("world", new Vector3(50, 1, 5));
            cellar.Size = new Vector3(100, 100, 100);
            Say("cellar_grown", new Vector3(1, 1, 1));
            foreach (StereoSyncPlace place in new[] { hall, cellar, world }) UnityEngine.Object.DestroyImmediate(place.gameObject);
        }

        static void Turned()
        {
            StereoSyncPlace place = Place(false, new Vector3(1, 1, 10));
            place.transform.SetPositionAndRotation(new Vector3(5, 0, 0), Quaternion.Euler(0, 90, 0));
            place.transform.localScale = new Vector3(2, 2, 2);
            place.Kind = PlaceKind.Sea;
            Say("along", new Vector3(14, 0, 0.9f));
            Say("across", new Vector3(5, 0, 1.1f));
            UnityEngine.Object.DestroyImmediate(place.gameObject);
        }

        static void Zones()
        {
            AudioReverbZone far = Zone(AudioReverbPreset.Hangar, 20, 100), near = Zone(AudioReverbPreset.Bathroom, 1, 5);
            var places = new ScenePlaces(true);
            Say("near_zone", places, new Vector3(2.9f, 0, 0));
            Say("far_zone", places, new Vector3(3.1f, 0, 0));
            Say("no_zone", places, new Vector3(70, 0, 0));
            int searches = UnityEngine.Object.Searches;
            for (int i = 0; i < 100; i++) places.Fill(new FrameMessage().Scene, Here);
            Program.Say("searches", UnityEngine.Object.Searches - searches);
            near.enabled = false;
            Say("zone_off", places, Here);
            UnityEngine.Object.DestroyImmediate(far.gameObject);
            Say("zone_gone", places, Here);
            Zone(AudioReverbPreset.Cave, 20, 100);
            SceneManager.Raise();
            Say("new_scene", places, Here);
            StereoSyncPlace room = Place(true, Vector3.one);
            Say("place_without_room", places, Here);
            room.SetRoom(7, 0.5f);
            Say("place_with_room", places, Here);
            Say("zones_not_used", new ScenePlaces(false), Here);
            UnityEngine.Object.DestroyImmediate(room.gameObject);
            Say("zones_not_used_alone", new ScenePlaces(false), Here);
            places.Dispose();
        }

        static AudioReverbZone Zone(AudioReverbPreset preset, float minM, float maxM)
        {
            var zone = new GameObject("zone").AddComponent<AudioReverbZone>();
            zone.reverbPreset = preset;
            zone.minDistance = minM;
            zone.maxDistance = maxM;
            return zone;
        }

        static void Presets()
        {
            foreach (AudioReverbPreset preset in Enum.GetValues(typeof(AudioReverbPreset)))
            {
                AudioReverbZone zone = Zone(preset, 1, 5);
                zone.decayTime = 1.5f;
                RoomSpec? room = ReverbRooms.Of(zone);
                Program.Say("preset", preset, room.HasValue ? room.Value.SizeM : -1, room.HasValue ? room.Value.Hardness : -1);
            }
        }

        static void Say(string name, Vector3 ear)
        {
            Say(name, new ScenePlaces(false), ear);
        }

        static void Say(string name, ScenePlaces places, Vector3 ear)
        {
            var frame = new FrameMessage();
            places.Fill(frame.Scene, ear);
            SceneSpec scene = frame.Scene;
            double sizeM = scene.Room.HasValue ? scene.Room.Value.SizeM : -1, hardness = scene.Room.HasValue ? scene.Room.Value.Hardness : -1;
            Program.Say(name, scene.Place == null ? "nil" : "'" + scene.Place + "'", scene.Amount, sizeM, hardness, scene.Ambience);
        }
    }
}
