// Where a character is before the camera. Plain data.
namespace StereoSync.Bridge
{
    /// <summary>A position in camera space, metres: x right, y up, z forward.</summary>
    public struct CameraPosition
    {
        /// <summary>To the right, m.</summary>
        public double XM;

        /// <summary>Up, m.</summary>
        public double YM;

        /// <summary>Forward, m.</summary>
        public double ZM;

        /// <summary>A position, metres.</summary>
        public CameraPosition(double xM, double yM, double zM)
        {
            XM = xM;
            YM = yM;
            ZM = zM;
        }
    }
}
