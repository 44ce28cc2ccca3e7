// The place of a frame, from what the scene has. Main thread only.
using System;
using StereoSync.Bridge;
using UnityEngine;
using UnityEngine.SceneManagement;
using Object = UnityEngine.Object;

namespace StereoSync
{
    /// <summary>
    /// What <see cref="StereoSyncPlace"/> components say; where none of them says a room, that of the reverb zone around the camera, if any.
    /// </summary>
    internal sealed class ScenePlaces : IDisposable
    {
        static readonly AudioReverbZone[] None = new AudioReverbZone[0];

        readonly bool _useZones;
        AudioReverbZone[] _zones; // null: to be looked for, which is too slow for each frame

        /// <param name="useZones">Whether reverb zones count.</param>
        public ScenePlaces(bool useZones)
        {
            _useZones = useZones;
            SceneManager.sceneLoaded += OnScene;
        }

        /// <summary>What the newest frame told.</summary>
        public PlaceNote Newest { get; private set; }

        /// <summary>Fills in what is known at the camera.</summary>
        public void Fill(SceneSpec scene, Vector3 ear)
        {
            StereoSyncPlace.Tell(scene, ear);
            if (!scene.Room.HasValue)
            {
                AudioReverbZone zone = ZoneAt(ear);
                scene.Room = zone == null ? null : ReverbRooms.Of(zone);
            }
            Newest = new PlaceNote(scene);
        }

        /// <summary>Looks for reverb zones anew, as after they were made or a scene was left.</summary>
        public void Refresh()
        {
            _zones = null;
        }

        /// <summary>Listens no more.</summary>
        public void Dispose()
        {
            SceneManager.sceneLoaded -= OnScene;
        }

        void OnScene(Scene scene, LoadSceneMode mode)
        {
            Refresh();
        }

        /// <summary>The smallest zone that is heard with at least half of its strength.</summary>
        AudioReverbZone ZoneAt(Vector3 ear)
        {
            _zones = _zones ?? Find();
            AudioReverbZone best = null;
            foreach (AudioReverbZone zone in _zones)
            {
                bool counts = zone != null && zone.isActiveAndEnabled && (best == null || zone.maxDistance < best.maxDistance);
                if (counts && Vector3.Distance(ear, zone.transform.position) <= (zone.minDistance + zone.maxDistance) / 2)
                {
                    best = zone;
                }
            }
            return best;
        }

        AudioReverbZone[] Find()
        {
            if (!_useZones)
            {
                return None;
            }
#if UNITY_2022_2_OR_NEWER
            return Object.FindObjectsByType<AudioReverbZone>(FindObjectsInactive.Include, FindObjectsSortMode.None);
#else
            return Object.FindObjectsOfType<AudioReverbZone>(true);
#endif
        }
    }
}
