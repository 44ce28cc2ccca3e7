using UnityEngine;

namespace StereoSync.Samples
{
    /// <summary>
    /// The whole scene: light, ground, camera with StereoSync, and one figure that walks. It needs no asset besides this folder.
    /// </summary>
    [AddComponentMenu("StereoSync/Samples/Walk Sample")]
    public sealed class WalkSample : MonoBehaviour
    {
        const string Ground = "stone";

        [Tooltip("Where stereosync-serve listens.")]
        [SerializeField] string serviceAddress = "tcp://127.0.0.1:5750";

        void Awake()
        {
            MakeGround();
            MakeLight();
            MakeFigure();
            MakeCamera();
        }

        void MakeGround()
        {
            GameObject ground = Primitives.Make("Ground", PrimitiveType.Plane, new Color(0.45f, 0.45f, 0.42f), transform);
            ground.transform.localScale = new Vector3(3f, 1f, 3f);
        }

        void MakeLight()
        {
            Transform sun = Child("Sun");
            sun.rotation = Quaternion.Euler(50f, -30f, 0f);
            var light = sun.gameObject.AddComponent<Light>();
            light.type = LightType.Directional;
            light.intensity = 1f;
        }

        void MakeFigure()
        {
            GameObject figure = Child("Walker").gameObject;
            var walker = figure.AddComponent<WalkingFigure>();
            var character = figure.AddComponent<StereoSyncCharacter>();
            character.Label = "walker";
            character.Surface = Ground; // there is no collider whose material a ray could find
            walker.Tell(character);
        }

        void MakeCamera()
        {
            Transform eye = Child("Camera");
            eye.SetPositionAndRotation(new Vector3(0f, 1.6f, 0f), Quaternion.Euler(6f, 0f, 0f));
            var camera = eye.gameObject.AddComponent<Camera>();
            camera.fieldOfView = 55f;
            camera.nearClipPlane = 0.1f;
            camera.farClipPlane = 200f;
            eye.gameObject.AddComponent<AudioListener>();
            MakeBridge(camera);
        }

        void MakeBridge(Camera camera)
        {
            GameObject bridge = Child("StereoSync").gameObject;
            bridge.SetActive(false);
            var component = bridge.AddComponent<StereoSyncBridge>();
            component.ServiceAddress = serviceAddress;
            component.SourceCamera = camera;
            bridge.SetActive(true);
        }

        Transform Child(string childName)
        {
            var made = new GameObject(childName);
            made.transform.SetParent(transform, false);
            return made.transform;
        }
    }
}
