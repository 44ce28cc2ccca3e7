// A pinhole camera, as the engine has it. Plain data.
namespace StereoSync.Bridge
{
    /// <summary>The camera of a frame. <c>Near</c> and <c>Far</c> are in engine units.</summary>
    public sealed class CameraSpec
    {
        static readonly string[] Axes = { "vertical", "horizontal" };

        /// <summary>Full angle along <see cref="FovAxis"/>, degrees, above 1 and below 179.</summary>
        public double FovDeg = 60;

        /// <summary>Near plane, engine units, above 0.</summary>
        public double Near = 0.1;

        /// <summary>Far plane, engine units, above <see cref="Near"/>, at most 1e9.</summary>
        public double Far = 1000;

        /// <summary><c>vertical</c> or <c>horizontal</c>.</summary>
        public string FovAxis = "vertical";

        /// <summary>Metres per engine unit, above 0.</summary>
        public double MetresPerUnit = 1;

        /// <summary>Width / height of what the camera sees; null: of the picture.</summary>
        public double? Aspect;

        internal void Clear()
        {
            FovDeg = 60;
            Near = 0.1;
            Far = 1000;
            FovAxis = "vertical";
            MetresPerUnit = 1;
            Aspect = null;
        }

        internal void Check()
        {
            FieldRules.NumberBetween(FovDeg, 1, 179, "fov_deg");
            FieldRules.NumberAboveZero(Near, 1e9, "near");
            FieldRules.NumberAboveZero(Far, 1e9, "far");
            FieldRules.Choice(FovAxis, "fov_axis", Axes);
            FieldRules.NumberAboveZero(MetresPerUnit, 1e6, "metres_per_unit");
            if (Aspect.HasValue)
            {
                FieldRules.Number(Aspect.Value, 0.01, 100, "aspect");
            }
            if (Near >= Far)
            {
                throw new WireException(ErrorCodes.BadValue, "near", "must be below far");
            }
        }

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(6);
            writer.Text("fov_deg").Float(FovDeg);
            writer.Text("near").Float(Near);
            writer.Text("far").Float(Far);
            writer.Text("fov_axis").Text(FovAxis);
            writer.Text("metres_per_unit").Float(MetresPerUnit);
            writer.Text("aspect").FloatOrNil(Aspect);
        }
    }
}
