// Where a character is and what the engine knows of it. Plain data.
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

    /// <summary>One word or number that the engine knows of a character, e.g. <c>shoe</c>, <c>mass_kg</c>.</summary>
    public struct Hint
    {
        /// <summary>Name, 64 characters at most.</summary>
        public readonly string Name;

        /// <summary>The word, 64 characters at most; null if the hint is a number.</summary>
        public readonly string Word;

        /// <summary>The number, finite; 0 if the hint is a word.</summary>
        public readonly double Number;

        /// <summary>A word.</summary>
        public Hint(string name, string word)
        {
            Name = name;
            Word = word ?? "";
            Number = 0;
        }

        /// <summary>A number.</summary>
        public Hint(string name, double number)
        {
            Name = name;
            Word = null;
            Number = number;
        }
    }
}
