// Version of the wire, and who may talk to whom. Pure.
using System.Globalization;

namespace StereoSync.Bridge
{
    /// <summary>Versions <c>major.minor</c>, of 1 to 4 digits each.</summary>
    public struct WireVersion
    {
        /// <summary>What this side speaks.</summary>
        public const string Ours = "1.1";

        /// <summary>The oldest that this side understands.</summary>
        public const string OurMinimum = "1.0";

        readonly int _major;
        readonly int _minor;

        WireVersion(int major, int minor)
        {
            _major = major;
            _minor = minor;
        }

        /// <summary>Reads a version; false if the text is not of the form.</summary>
        public static bool TryParse(string text, out WireVersion version)
        {
            version = new WireVersion();
            int dot = text == null ? -1 : text.IndexOf('.');
            int major, minor;
            if (dot < 0 || !TryDigits(text.Substring(0, dot), out major) || !TryDigits(text.Substring(dot + 1), out minor))
            {
                return false;
            }
            version = new WireVersion(major, minor);
            return true;
        }

        static bool TryDigits(string text, out int value)
        {
            value = 0;
            return text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }

        /// <summary>Compares the other side's versions with ours.</summary>
        /// <exception cref="WireException">Another major version, or either side is older than the other's minimum.</exception>
        public static void Check(string theirs, string theirMinimum)
        {
            WireVersion other, otherMinimum, ours, ourMinimum;
            if (!TryParse(theirs, out other) || !TryParse(theirMinimum, out otherMinimum))
            {
                throw new WireException(ErrorCodes.WrongVersion, "wire", "wire and min_wire must be text like " + Ours);
            }
            TryParse(Ours, out ours);
            TryParse(OurMinimum, out ourMinimum);
            if (other._major != ours._major || other.IsBelow(ourMinimum) || ours.IsBelow(otherMinimum))
            {
                throw new WireException(ErrorCodes.WrongVersion, "wire", Cure(theirs, theirMinimum));
            }
        }

        bool IsBelow(WireVersion other)
        {
            return _major < other._major || (_major == other._major && _minor < other._minor);
        }

        static string Cure(string theirs, string theirMinimum)
        {
            return "the other side speaks wire " + theirs + " (from " + theirMinimum + "), this side " + Ours + " (from " + OurMinimum
                + "): update the older side so that the major versions agree";
        }
    }
}
