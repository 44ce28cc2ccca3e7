// How a picture's bytes are to be read. Plain data.
namespace StereoSync.Bridge
{
    /// <summary>The picture of a frame, without its bytes.</summary>
    public sealed class PictureSpec
    {
        static readonly string[] Formats = { "rgb8", "rgba8", "bgra8", "jpeg" };

        /// <summary><c>rgb8</c>, <c>rgba8</c>, <c>bgra8</c> or <c>jpeg</c>.</summary>
        public string Format = "rgb8";

        /// <summary>Width, px, 1 to 2048.</summary>
        public int WidthPx;

        /// <summary>Height, px, 1 to 2048.</summary>
        public int HeightPx;

        /// <summary>Length of the payload; raw formats: width * height * 3 or 4.</summary>
        public int Bytes;

        /// <summary>Which row comes first, <c>top</c> or <c>bottom</c>.</summary>
        public string RowOrigin = "top";

        internal void Clear()
        {
            Format = "rgb8";
            WidthPx = HeightPx = Bytes = 0;
            RowOrigin = "top";
        }

        internal void Check()
        {
            FieldRules.Choice(Format, "format", Formats);
            FieldRules.Side(WidthPx, "width_px");
            FieldRules.Side(HeightPx, "height_px");
            FieldRules.Integer(Bytes, 1, FieldRules.MaxPayloadBytes, "n_bytes");
            FieldRules.Choice(RowOrigin, "row_origin", FieldRules.Origins);
            if (Format != "jpeg")
            {
                FieldRules.Bytes(Bytes, (long)WidthPx * HeightPx * BytesPerPixel(Format), Format, "picture");
            }
        }

        /// <summary>Bytes per pixel of a raw format; 0 for another word.</summary>
        public static int BytesPerPixel(string format)
        {
            return format == "rgb8" ? 3 : format == "rgba8" || format == "bgra8" ? 4 : 0;
        }

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(5);
            writer.Text("format").Text(Format);
            writer.Text("width_px").Integer(WidthPx);
            writer.Text("height_px").Integer(HeightPx);
            writer.Text("n_bytes").Integer(Bytes);
            writer.Text("row_origin").Text(RowOrigin);
        }
    }
}
