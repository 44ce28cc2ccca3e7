// The sample scene as its one script builds it.
using StereoSync.Bridge;
using StereoSync.Samples;
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class SampleCheck
    {
        public static void Run()
        {
            var scene = new GameObject("Walk");
            scene.AddComponent<WalkSample>();
            WalkingFigure figure = scene.GetComponentsInChildren<WalkingFigure>()[0];
            Camera camera = scene.GetComponentsInChildren<Camera>()[0];
            StereoSyncBridge bridge = scene.GetComponentsInChildren<StereoSyncBridge>()[0];
            Program.Say("parts", figure.GetComponentsInChildren<MeshRenderer>().Length, figure.GetComponentsInChildren<Collider>().Length);
            Program.Say("bridge", bridge.SourceCamera == camera, bridge.ServiceAddress, bridge.Status != null);
            Program.Say("sound", bridge.PlayerInUse.GetComponent<AudioListener>() == null, scene.GetComponentsInChildren<AudioListener>().Length);
            Round(figure, camera);
            Object.DestroyImmediate(scene);
            Program.Say("gone", StereoSyncCharacter.All.Count, AudioSettings.Watched);
        }

        /// <summary>The box of the figure every 20 ms of a walk; "pace" is what the feet do in the meantime.</summary>
        static void Round(WalkingFigure figure, Camera camera)
        {
            var view = new FrameView();
            camera.aspect = 16f / 9f;
            view.Set(camera, 320, 180);
            Time.deltaTime = 0.02f;
            for (int i = 0; i < 800; i++)
            {
                GameObject.Send(figure, "Update");
                PixelBox box;
                bool seen = figure.GetComponent<StereoSyncCharacter>().TryBox(view, new PointCloud(), out box);
                Program.Say("box", seen, box.X0, box.Y0, box.X1, box.Y1);
                Program.Say("body_m", Whole(figure).min.y, Whole(figure).max.y);
            }
        }

        static Bounds Whole(WalkingFigure figure)
        {
            Renderer[] parts = figure.GetComponentsInChildren<Renderer>();
            Bounds whole = parts[0].bounds;
            foreach (Renderer part in parts) whole.Encapsulate(part.bounds);
            return whole;
        }
    }
}
