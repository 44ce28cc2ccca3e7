// How a depth buffer's bytes are to be read. Plain data.
namespace StereoSync.Bridge
{
    /// <summary>The depth buffer of a frame, without its bytes. A number times <see cref="Scale"/> is the encoding's value.</summary>
    public sealed class DepthSpec
    {
        static readonly string[] Encodings =
        {
            "linear", "linear01", "linear01_near", "orthographic", "orthographic_reversed", "standard", "opengl_ndc", "reversed",
            "reversed_infinite", "inverse_projection", "carla24",
        };

        static readonly string[] Types = { "float16", "float32", "uint16", "rgb8", "bgra8" };

        /// <summary>A word of the table "Depth encodings" of PROTOCOL.md; <c>linear</c> is the one to send.</summary>
        public string Encoding = "linear";

        /// <summary><c>float16</c>, <c>float32</c>, <c>uint16</c>; with <c>carla24</c> <c>rgb8</c> or <c>bgra8</c>.</summary>
        public string Type = "float16";

        /// <summary>Width, px, 1 to 2048; half of the picture's is enough.</summary>
        public int WidthPx;

        /// <summary>Height, px, 1 to 2048.</summary>
        public int HeightPx;

        /// <summary>Length of the payload: width * height * bytes per pixel.</summary>
        public int Bytes;

        /// <summary>Which row comes first, <c>top</c> or <c>bottom</c>.</summary>
        public string RowOrigin = "top";

        /// <summary>What a stored number is multiplied with, above 0, at most 1e9.</summary>
        public double Scale = 1;

        /// <summary>Whether the value is the distance from the camera's centre, not along its axis.</summary>
        public bool Radial;

        /// <summary>16 numbers, row-major, for the encoding <c>inverse_projection</c>; null for others.</summary>
        public double[] InverseProjection;

        internal void Clear()
        {
            Encoding = "linear";
            Type = "float16";
            WidthPx = HeightPx = Bytes = 0;
            RowOrigin = "top";
            Scale = 1;
            Radial = false;
            InverseProjection = null;
        }

        internal void Check()
        {
            FieldRules.Choice(Encoding, "encoding", Encodings);
            FieldRules.Choice(Type, "dtype", Types);
            FieldRules.Side(WidthPx, "width_px");
            FieldRules.Side(HeightPx, "height_px");
            FieldRules.Integer(Bytes, 1, FieldRules.MaxPayloadBytes, "n_bytes");
            FieldRules.Choice(RowOrigin, "row_origin", FieldRules.Origins);
            FieldRules.NumberAboveZero(Scale, 1e9, "scale");
            CheckMatrix();
            FieldRules.Bytes(Bytes, (long)WidthPx * HeightPx * BytesPerPixel(Type), Type, "depth");
            CheckPair();
        }

        void CheckMatrix()
        {
            if (InverseProjection != null)
            {
                FieldRules.Numbers(InverseProjection, 16, 1e12, "inverse_projection");
            }
        }

        void CheckPair()
        {
            if ((Encoding == "carla24") != (Type == "rgb8" || Type == "bgra8"))
            {
                throw new WireException(ErrorCodes.BadValue, "dtype", "rgb8 and bgra8 belong to the encoding carla24, and to no other");
            }
            if (Encoding == "inverse_projection" && InverseProjection == null)
            {
                throw new WireException(ErrorCodes.MissingField, "inverse_projection", "is required by the encoding inverse_projection");
            }
        }

        /// <summary>Bytes per pixel of a stored type; 0 for another word.</summary>
        public static int BytesPerPixel(string type)
        {
            return type == "float16" || type == "uint16" ? 2 : type == "rgb8" ? 3 : type == "float32" || type == "bgra8" ? 4 : 0;
        }

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(9);
            writer.Text("encoding").Text(Encoding);
            writer.Text("dtype").Text(Type);
            writer.Text("width_px").Integer(WidthPx);
            writer.Text("height_px").Integer(HeightPx);
            writer.Text("n_bytes").Integer(Bytes);
            writer.Text("row_origin").Text(RowOrigin);
            writer.Text("scale").Float(Scale);
            writer.Text("radial").Flag(Radial);
            writer.Text("inverse_projection").FloatsOrNil(InverseProjection);
        }
    }
}
