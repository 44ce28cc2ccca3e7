// Stand-ins for UnityEngine's objects. A message (Awake, OnEnable, ...) is sent where Unity sends it, by its name.
using System;
using System.Collections.Generic;
using System.Reflection;

namespace UnityEngine
{
    [Flags]
    public enum HideFlags { None = 0, HideInHierarchy = 1, HideInInspector = 2, DontSaveInEditor = 4, NotEditable = 8, DontSaveInBuild = 16, DontUnloadUnusedAsset = 32, DontSave = 52, HideAndDontSave = 61 }

    public enum PrimitiveType { Sphere, Capsule, Cylinder, Cube, Plane, Quad }

    public class Object
    {
        private bool destroyed;

        public string name { get; set; }

        public HideFlags hideFlags { get; set; }

        public int GetInstanceID() { return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this); }

        public static void Destroy(Object obj) { DestroyImmediate(obj); }

        public static void DestroyImmediate(Object obj)
        {
            if (ReferenceEquals(obj, null) || obj.destroyed) return;
            obj.OnDestroyed();
            obj.destroyed = true;
        }

        public static void DontDestroyOnLoad(Object target) { }

        public static GameObject Instantiate(GameObject original) { return original.Copy(); }

        /// <summary>Test: how often something was looked for in the whole scene.</summary>
        public static int Searches;

        public static T[] FindObjectsOfType<T>(bool includeInactive) where T : Object
        {
            Searches++;
            return GameObject.Everything.FindAll(c => c is T).ConvertAll(c => (T)(Object)c).ToArray();
        }

#if UNITY_2022_2_OR_NEWER
        public static T[] FindObjectsByType<T>(FindObjectsInactive inactive, FindObjectsSortMode order) where T : Object
        {
            return FindObjectsOfType<T>(inactive == FindObjectsInactive.Include);
        }
#endif

        protected virtual void OnDestroyed() { }

        public static implicit operator bool(Object obj) { return !ReferenceEquals(obj, null) && !obj.destroyed; }

        public static bool operator ==(Object a, Object b)
        {
            bool noA = ReferenceEquals(a, null) || a.destroyed, noB = ReferenceEquals(b, null) || b.destroyed;
            return noA || noB ? noA == noB : ReferenceEquals(a, b);
        }

        public static bool operator !=(Object a, Object b) { return !(a == b); }

        public override bool Equals(object other) { return this == (other as Object); }

        public override int GetHashCode() { return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this); }
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform { get { return gameObject.transform; } }

        public T GetComponent<T>() { return gameObject.GetComponent<T>(); }

        public T[] GetComponentsInChildren<T>() { return gameObject.GetComponentsInChildren<T>(); }

        public T GetComponentInChildren<T>() { return gameObject.GetComponentInChildren<T>(); }

        protected override void OnDestroyed() { gameObject.Remove(this); }

        /// <summary>Copied, as Unity's is, each time it is asked for.</summary>
        public string tag { get { return new string(gameObject.Tag.ToCharArray()); } set { gameObject.Tag = value; } }
    }

    public class Behaviour : Component
    {
        private bool on = true;

        public bool enabled
        {
            get { return on; }
            set
            {
                if (on == value) return;
                on = value;
                GameObject.Send(this, value ? "OnEnable" : "OnDisable");
            }
        }

        public bool isActiveAndEnabled { get { return on && gameObject.activeInHierarchy; } }

        protected override void OnDestroyed()
        {
            if (isActiveAndEnabled) GameObject.Send(this, "OnDisable");
            GameObject.Send(this, "OnDestroy");
            gameObject.Remove(this);
        }
    }

    public class MonoBehaviour : Behaviour { }

    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject { return (T)Activator.CreateInstance(typeof(T)); }
    }

#if UNITY_2022_2_OR_NEWER
    public enum FindObjectsInactive { Exclude, Include }

    public enum FindObjectsSortMode { None, InstanceID }
#endif

    public sealed class GameObject : Object
    {
        internal static readonly List<Component> Everything = new List<Component>();
        private readonly List<Component> components = new List<Component>();
        private bool active = true;

        public GameObject(string name) { this.name = name; transform = Add(new Transform()); }

        public Transform transform { get; private set; }

        public bool activeInHierarchy { get { return active; } }

        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<MeshFilter>().sharedMesh = Mesh.Primitive(type);
            made.AddComponent<MeshRenderer>().sharedMaterial = new Material(new Shader("Standard"));
            made.AddComponent<Collider>();
            return made;
        }

        public T AddComponent<T>() where T : Component
        {
            foreach (RequireComponent need in typeof(T).GetCustomAttributes(typeof(RequireComponent), true))
                if (!components.Exists(c => need.Type.IsInstanceOfType(c))) Add((Component)Activator.CreateInstance(need.Type));
            return Add((T)Activator.CreateInstance(typeof(T)));
        }

        public T GetComponent<T>() { return (T)(object)components.Find(c => c is T); }

        public T GetComponentInChildren<T>()
        {
            T[] all = GetComponentsInChildren<T>();
            return all.Length > 0 ? all[0] : default(T);
        }

        internal string Tag = "Untagged";

        /// <summary>A copy of the tree with its transforms, animators and skinned meshes: what the tools of this package need of it.</summary>
        internal GameObject Copy()
        {
            var made = new GameObject(name);
            made.transform.localPosition = transform.localPosition;
            made.transform.localRotation = transform.localRotation;
            made.transform.localScale = transform.localScale;
            var animator = GetComponent<Animator>();
            if (animator != null) made.AddComponent<Animator>().Bones = animator.Bones;
            var skin = GetComponent<SkinnedMeshRenderer>();
            if (skin != null) made.AddComponent<SkinnedMeshRenderer>().Posed = skin.Posed;
            foreach (Transform child in transform.Children) child.gameObject.Copy().transform.SetParent(made.transform, false);
            return made;
        }

        public T[] GetComponentsInChildren<T>()
        {
            var found = new List<T>();
            Collect(found);
            return found.ToArray();
        }

        public void SetActive(bool value)
        {
            if (active == value) return;
            active = value;
            foreach (Component c in components.ToArray())
                if (c is Behaviour && ((Behaviour)c).enabled) Send(c, value ? "OnEnable" : "OnDisable");
            foreach (Transform child in transform.Children.ToArray()) child.gameObject.SetActive(value);
        }

        /// <summary>Test: what the player loop calls; a component without such a method is left alone.</summary>
        public static void Send(object component, string message, params object[] arguments)
        {
            const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            MethodInfo method = component.GetType().GetMethod(message, any);
            if (method == null) return;
            try { method.Invoke(component, arguments); }
            catch (TargetInvocationException error) { throw new InvalidOperationException(message + ": " + error.InnerException, error.InnerException); }
        }

        internal void Remove(Component component) { components.Remove(component); Everything.Remove(component); }

        protected override void OnDestroyed()
        {
            SetActive(false); // all are disabled before the first is destroyed
            foreach (Transform child in transform.Children.ToArray()) DestroyImmediate(child.gameObject);
            foreach (Component c in components.ToArray()) DestroyImmediate(c);
            transform.parent = null;
        }

        private T Add<T>(T component) where T : Component
        {
            component.gameObject = this;
            components.Add(component);
            Everything.Add(component);
            Send(component, "Awake");
            if (active && component is Behaviour) Send(component, "OnEnable");
            return component;
        }

        private void Collect<T>(List<T> into)
        {
            foreach (Component c in components) if (c is T) into.Add((T)(object)c);
            foreach (Transform child in transform.Children) child.gameObject.Collect(into);
        }
    }

    public sealed class Transform : Component
    {
        internal readonly List<Transform> Children = new List<Transform>();
        private Transform above;

        public Transform() { localScale = Vector3.one; localRotation = Quaternion.identity; }

        public Vector3 localPosition { get; set; }

        public Quaternion localRotation { get; set; }

        public Vector3 localScale { get; set; }

        public Transform parent { get { return above; } set { SetParent(value, true); } }

        public Matrix4x4 localToWorldMatrix
        {
            get
            {
                Matrix4x4 own = Matrix4x4.TRS(localPosition, localRotation, localScale);
                return above == null ? own : above.localToWorldMatrix * own;
            }
        }

        public Vector3 position
        {
            get { return localToWorldMatrix.MultiplyPoint3x4(Vector3.zero); }
            set { localPosition = above == null ? value : Quaternion.Inverse(above.rotation) * (value - above.position); }
        }

        public Quaternion rotation
        {
            get { return above == null ? localRotation : above.rotation * localRotation; }
            set { localRotation = above == null ? value : Quaternion.Inverse(above.rotation) * value; }
        }

        public Vector3 lossyScale
        {
            get
            {
                if (above == null) return localScale;
                Vector3 s = above.lossyScale;
                return new Vector3(s.x * localScale.x, s.y * localScale.y, s.z * localScale.z);
            }
        }

        public Vector3 InverseTransformPoint(Vector3 world)
        {
            Vector3 p = above == null ? world : above.InverseTransformPoint(world);
            p = Quaternion.Inverse(localRotation) * (p - localPosition);
            return new Vector3(p.x / localScale.x, p.y / localScale.y, p.z / localScale.z);
        }

        public bool IsChildOf(Transform other) { return this == other || (above != null && above.IsChildOf(other)); }

        public Transform GetChild(int index) { return Children[index]; }

        public int GetSiblingIndex() { return above == null ? 0 : above.Children.IndexOf(this); }

        public Vector3 forward { get { return rotation * Vector3.forward; } }

        public void SetParent(Transform value, bool worldPositionStays)
        {
            Vector3 place = position;
            Quaternion turn = rotation;
            if (above != null) above.Children.Remove(this);
            above = value;
            if (above != null) above.Children.Add(this);
            if (worldPositionStays) SetPositionAndRotation(place, turn);
        }

        public void SetPositionAndRotation(Vector3 place, Quaternion turn) { position = place; rotation = turn; }
    }

    public sealed class Light : Behaviour
    {
        public LightType type { get; set; }

        public float intensity { get; set; }
    }

    public enum LightType { Spot, Directional, Point }
}
