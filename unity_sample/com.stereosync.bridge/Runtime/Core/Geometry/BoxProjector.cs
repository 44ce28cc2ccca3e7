// Points of the world to a rectangle in the picture. Pure functions, for any thread; nothing is allocated.
using System;

namespace StereoSync.Bridge
{
    /// <summary>A rectangle in pixels, origin at the top left, x right, y down.</summary>
    public struct PixelBox
    {
        /// <summary>Left edge, px.</summary>
        public double X0;

        /// <summary>Upper edge, px.</summary>
        public double Y0;

        /// <summary>Right edge, px.</summary>
        public double X1;

        /// <summary>Lower edge, px.</summary>
        public double Y1;
    }

    /// <summary>
    /// Projects points with a row-major view-projection matrix M of 16 numbers: clip = M (x, y, z, 1), with -w &lt;= x &lt;= w
    /// from left to right and -w &lt;= y &lt;= w from bottom to top. What z means does not matter: w is the depth along the axis.
    /// </summary>
    public static class BoxProjector
    {
        /// <summary>Numbers of a cuboid's corners: 8 points of x, y, z.</summary>
        public const int CornerNumbers = 24;

        const int Edges = 12;
        const double FarthestPx = 1e6; // what the wire allows

        /// <summary>
        /// The rectangle of a cuboid. <paramref name="corners"/> holds 8 points (x, y, z); the bits 1, 2 and 4 of a corner's number
        /// say on which side along the cuboid's three axes it lies. Edges that cross the near plane are cut there.
        /// </summary>
        /// <param name="near">Smallest w that counts, engine units, above 0: the near plane.</param>
        /// <returns>False when the cuboid is behind the near plane or wholly outside the picture.</returns>
        public static bool TryCuboid(float[] corners, float[] viewProjection, double near, int widthPx, int heightPx, out PixelBox box)
        {
            CheckMatrix(viewProjection);
            var bounds = new Bounds(near);
            for (int i = 0; i < 8; i++)
            {
                bounds.Add(Clip(viewProjection, corners, i));
            }
            for (int edge = 0; edge < Edges; edge++)
            {
                int axis = 1 << (edge / 4);
                int from = Corner(edge % 4, axis);
                bounds.AddCut(Clip(viewProjection, corners, from), Clip(viewProjection, corners, from | axis));
            }
            return bounds.TryPixels(widthPx, heightPx, out box);
        }

        /// <summary>
        /// The rectangle of any points, e.g. a mesh's vertices: the first <paramref name="count"/> of <paramref name="points"/> (x, y, z
        /// each). Points behind the near plane are left out.
        /// </summary>
        /// <returns>False when every point is behind the near plane, or the rectangle is wholly outside the picture.</returns>
        public static bool TryPoints(
            float[] points, int count, float[] viewProjection, double near, int widthPx, int heightPx, out PixelBox box)
        {
            CheckMatrix(viewProjection);
            var bounds = new Bounds(near);
            for (int i = 0; i < count; i++)
            {
                bounds.Add(Clip(viewProjection, points, i));
            }
            return bounds.TryPixels(widthPx, heightPx, out box);
        }

        /// <summary>
        /// A point in camera space as the wire wants it. <paramref name="worldToCamera"/> is row-major and looks along -z (Unity's
        /// worldToCameraMatrix, OpenGL's view matrix).
        /// </summary>
        public static CameraPosition ToCamera(float[] worldToCamera, double x, double y, double z, double metresPerUnit)
        {
            CheckMatrix(worldToCamera);
            return new CameraPosition(
                metresPerUnit * Row(worldToCamera, 0, x, y, z),
                metresPerUnit * Row(worldToCamera, 1, x, y, z),
                -metresPerUnit * Row(worldToCamera, 2, x, y, z));
        }

        static void CheckMatrix(float[] matrix)
        {
            if (matrix == null || matrix.Length != 16)
            {
                throw new ArgumentException("a matrix has 16 numbers, row by row");
            }
        }

        static int Corner(int number, int axis)
        {
            int low = number & (axis - 1);
            return ((number - low) << 1) | low;
        }

        static ClipPoint Clip(float[] matrix, float[] points, int index)
        {
            double x = points[3 * index], y = points[3 * index + 1], z = points[3 * index + 2];
            return new ClipPoint { X = Row(matrix, 0, x, y, z), Y = Row(matrix, 1, x, y, z), W = Row(matrix, 3, x, y, z) };
        }

        static double Row(float[] matrix, int row, double x, double y, double z)
        {
            int at = 4 * row;
            return matrix[at] * x + matrix[at + 1] * y + matrix[at + 2] * z + matrix[at + 3];
        }

        struct ClipPoint
        {
            public double X, Y, W;
        }

        struct Bounds
        {
            readonly double _near;
            double _left, _right, _bottom, _top;
            bool _any;

            public Bounds(double near)
            {
                _near = near;
                _left = _right = _bottom = _top = 0;
                _any = false;
            }

            public void Add(ClipPoint point)
            {
                if (point.W < _near)
                {
                    return;
                }
                double x = point.X / point.W, y = point.Y / point.W;
                _left = _any ? Math.Min(_left, x) : x;
                _right = _any ? Math.Max(_right, x) : x;
                _bottom = _any ? Math.Min(_bottom, y) : y;
                _top = _any ? Math.Max(_top, y) : y;
                _any = true;
            }

            public void AddCut(ClipPoint a, ClipPoint b)
            {
                if ((a.W < _near) == (b.W < _near))
                {
                    return;
                }
                double share = (_near - a.W) / (b.W - a.W);
                Add(new ClipPoint { X = a.X + share * (b.X - a.X), Y = a.Y + share * (b.Y - a.Y), W = _near });
            }

            public bool TryPixels(int widthPx, int heightPx, out PixelBox box)
            {
                box = new PixelBox
                {
                    X0 = Pixels(_left, widthPx),
                    X1 = Pixels(_right, widthPx),
                    Y0 = Pixels(-_top, heightPx),
                    Y1 = Pixels(-_bottom, heightPx),
                };
                return _any && _left < 1 && _right > -1 && _bottom < 1 && _top > -1;
            }

            static double Pixels(double place, int sizePx)
            {
                return Math.Max(-FarthestPx, Math.Min(FarthestPx, (place + 1) / 2 * sizePx));
            }
        }
    }
}
