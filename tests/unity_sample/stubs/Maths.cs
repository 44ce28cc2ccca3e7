// Stand-ins for UnityEngine's mathematics, with Unity's own conventions: left-handed, y up, column vectors, m<row><column>.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public static class Mathf
    {
        public const float PI = (float)Math.PI;
        public const float Deg2Rad = PI / 180f;
        public const float Rad2Deg = 180f / PI;

        public static float Sin(float x) { return (float)Math.Sin(x); }

        public static float Cos(float x) { return (float)Math.Cos(x); }

        public static float Tan(float x) { return (float)Math.Tan(x); }

        public static float Atan2(float y, float x) { return (float)Math.Atan2(y, x); }

        public static float Sqrt(float x) { return (float)Math.Sqrt(x); }

        public static float Abs(float x) { return Math.Abs(x); }

        public static float Floor(float x) { return (float)Math.Floor(x); }

        public static int FloorToInt(float x) { return (int)Math.Floor(x); }

        public static float Min(float a, float b) { return Math.Min(a, b); }

        public static float Max(float a, float b) { return Math.Max(a, b); }

        public static int Max(int a, int b) { return Math.Max(a, b); }

        public static int Min(int a, int b) { return Math.Min(a, b); }

        public static float Clamp(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

        public static int Clamp(int x, int low, int high) { return x < low ? low : x > high ? high : x; }

        public static float Clamp01(float x) { return Clamp(x, 0f, 1f); }

        public static float Lerp(float a, float b, float t) { return a + (b - a) * Clamp01(t); }

        public static float SmoothStep(float a, float b, float t)
        {
            t = Clamp01(t);
            return a + (b - a) * t * t * (3f - 2f * t);
        }
    }

    public struct Vector2
    {
        public float x, y;

        public Vector2(float x, float y) { this.x = x; this.y = y; }
    }

    public struct Vector3
    {
        public float x, y, z;

        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; }

        public static Vector3 zero { get { return new Vector3(0, 0, 0); } }

        public static Vector3 one { get { return new Vector3(1, 1, 1); } }

        public static Vector3 down { get { return new Vector3(0, -1, 0); } }

        public static Vector3 up { get { return new Vector3(0, 1, 0); } }

        public static Vector3 right { get { return new Vector3(1, 0, 0); } }

        public static Vector3 forward { get { return new Vector3(0, 0, 1); } }

        public float magnitude { get { return Mathf.Sqrt(Dot(this, this)); } }

        public float sqrMagnitude { get { return Dot(this, this); } }

        public Vector3 normalized
        {
            get
            {
                float length = magnitude;
                return length > 1e-5f ? this / length : zero;
            }
        }

        public static float Dot(Vector3 a, Vector3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

        public static Vector3 Cross(Vector3 a, Vector3 b)
        {
            return new Vector3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
        }

        public static float Distance(Vector3 a, Vector3 b) { return (a - b).magnitude; }

        public static Vector3 Lerp(Vector3 a, Vector3 b, float t) { return a + (b - a) * Mathf.Clamp01(t); }

        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); }

        public static Vector3 operator -(Vector3 a, Vector3 b) { return new Vector3(a.x - b.x, a.y - b.y, a.z - b.z); }

        public static Vector3 operator -(Vector3 a) { return new Vector3(-a.x, -a.y, -a.z); }

        public static Vector3 operator *(Vector3 a, float s) { return new Vector3(a.x * s, a.y * s, a.z * s); }

        public static Vector3 operator *(float s, Vector3 a) { return a * s; }

        public static Vector3 operator /(Vector3 a, float s) { return a * (1f / s); }
    }

    public struct Vector4
    {
        public float x, y, z, w;

        public Vector4(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
    }

    public struct Quaternion
    {
        public float x, y, z, w;

        public Quaternion(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }

        public static Quaternion identity { get { return new Quaternion(0, 0, 0, 1); } }

        public static Quaternion AngleAxis(float angle_deg, Vector3 axis)
        {
            Vector3 v = axis.normalized * Mathf.Sin(angle_deg * Mathf.Deg2Rad / 2f);
            return new Quaternion(v.x, v.y, v.z, Mathf.Cos(angle_deg * Mathf.Deg2Rad / 2f));
        }

        public static Quaternion Euler(float x, float y, float z)
        {
            return AngleAxis(y, Vector3.up) * AngleAxis(x, Vector3.right) * AngleAxis(z, Vector3.forward);
        }

        public static Quaternion FromToRotation(Vector3 from, Vector3 to)
        {
            Vector3 a = from.normalized, b = to.normalized;
            Vector3 axis = Vector3.Cross(a, b);
            if (axis.magnitude < 1e-6f) axis = Vector3.Cross(a, Mathf.Abs(a.x) < 0.9f ? Vector3.right : Vector3.forward);
            float angle_rad = Mathf.Atan2(Vector3.Cross(a, b).magnitude, Vector3.Dot(a, b));
            return AngleAxis(angle_rad * Mathf.Rad2Deg, axis);
        }

        public static Quaternion LookRotation(Vector3 forward)
        {
            float yaw = Mathf.Atan2(forward.x, forward.z) * Mathf.Rad2Deg;
            float flat = Mathf.Sqrt(forward.x * forward.x + forward.z * forward.z);
            return Euler(-Mathf.Atan2(forward.y, flat) * Mathf.Rad2Deg, yaw, 0f);
        }

        public static Quaternion Inverse(Quaternion q) { return new Quaternion(-q.x, -q.y, -q.z, q.w); }

        public static Quaternion operator *(Quaternion a, Quaternion b)
        {
            return new Quaternion(
                a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
                a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
                a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x,
                a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);
        }

        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            Vector3 u = new Vector3(q.x, q.y, q.z);
            Vector3 t = 2f * Vector3.Cross(u, v);
            return v + q.w * t + Vector3.Cross(u, t);
        }
    }

    public struct Matrix4x4
    {
        public float m00, m01, m02, m03, m10, m11, m12, m13, m20, m21, m22, m23, m30, m31, m32, m33;

        public float this[int row, int column]
        {
            get { return Get(row * 4 + column); }
            set { Set(row * 4 + column, value); }
        }

        public static Matrix4x4 identity
        {
            get { var m = new Matrix4x4(); m.m00 = m.m11 = m.m22 = m.m33 = 1; return m; }
        }

        public static Matrix4x4 TRS(Vector3 position, Quaternion rotation, Vector3 scale)
        {
            Vector3 a = rotation * Vector3.right * scale.x, b = rotation * Vector3.up * scale.y;
            Vector3 c = rotation * Vector3.forward * scale.z;
            var m = new Matrix4x4();
            m.m00 = a.x; m.m10 = a.y; m.m20 = a.z;
            m.m01 = b.x; m.m11 = b.y; m.m21 = b.z;
            m.m02 = c.x; m.m12 = c.y; m.m22 = c.z;
            m.m03 = position.x; m.m13 = position.y; m.m23 = position.z; m.m33 = 1;
            return m;
        }

        public static Matrix4x4 Perspective(float fov_deg, float aspect, float near, float far)
        {
            float f = 1f / Mathf.Tan(fov_deg * Mathf.Deg2Rad / 2f);
            var m = new Matrix4x4();
            m.m00 = f / aspect; m.m11 = f; m.m32 = -1;
            m.m22 = -(far + near) / (far - near);
            m.m23 = -2 * far * near / (far - near);
            return m;
        }

        public static Matrix4x4 operator *(Matrix4x4 a, Matrix4x4 b)
        {
            var m = new Matrix4x4();
            for (int row = 0; row < 4; row++)
                for (int column = 0; column < 4; column++)
                    m[row, column] = a[row, 0] * b[0, column] + a[row, 1] * b[1, column] + a[row, 2] * b[2, column] + a[row, 3] * b[3, column];
            return m;
        }

        public Vector3 MultiplyPoint3x4(Vector3 p)
        {
            return new Vector3(
                m00 * p.x + m01 * p.y + m02 * p.z + m03,
                m10 * p.x + m11 * p.y + m12 * p.z + m13,
                m20 * p.x + m21 * p.y + m22 * p.z + m23);
        }

        private float Get(int i)
        {
            switch (i)
            {
                case 0: return m00; case 1: return m01; case 2: return m02; case 3: return m03;
                case 4: return m10; case 5: return m11; case 6: return m12; case 7: return m13;
                case 8: return m20; case 9: return m21; case 10: return m22; case 11: return m23;
                case 12: return m30; case 13: return m31; case 14: return m32; default: return m33;
            }
        }

        private void Set(int i, float value)
        {
            switch (i)
            {
                case 0: m00 = value; break; case 1: m01 = value; break; case 2: m02 = value; break; case 3: m03 = value; break;
                case 4: m10 = value; break; case 5: m11 = value; break; case 6: m12 = value; break; case 7: m13 = value; break;
                case 8: m20 = value; break; case 9: m21 = value; break; case 10: m22 = value; break; case 11: m23 = value; break;
                case 12: m30 = value; break; case 13: m31 = value; break; case 14: m32 = value; break; default: m33 = value; break;
            }
        }
    }

    public struct Bounds
    {
        public Vector3 center, extents;

        public Bounds(Vector3 center, Vector3 size) { this.center = center; extents = size * 0.5f; }

        public Vector3 size { get { return extents * 2f; } }

        public Vector3 min { get { return center - extents; } }

        public Vector3 max { get { return center + extents; } }

        public void Encapsulate(Bounds other) { Encapsulate(other.min); Encapsulate(other.max); }

        public void Encapsulate(Vector3 p)
        {
            var low = new Vector3(Mathf.Min(min.x, p.x), Mathf.Min(min.y, p.y), Mathf.Min(min.z, p.z));
            var high = new Vector3(Mathf.Max(max.x, p.x), Mathf.Max(max.y, p.y), Mathf.Max(max.z, p.z));
            center = (low + high) * 0.5f;
            extents = (high - low) * 0.5f;
        }
    }

    public struct Rect
    {
        public float x, y, width, height;

        public Rect(float x, float y, float width, float height) { this.x = x; this.y = y; this.width = width; this.height = height; }
    }

    public struct Color
    {
        public float r, g, b, a;

        public Color(float r, float g, float b) : this(r, g, b, 1f) { }

        public Color(float r, float g, float b, float a) { this.r = r; this.g = g; this.b = b; this.a = a; }

        public static Color white { get { return new Color(1, 1, 1); } }

        public static Color black { get { return new Color(0, 0, 0); } }
    }
}
