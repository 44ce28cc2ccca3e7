// One value of msgpack, or the beginning of an array or map. Plain data.
using System;

namespace StereoSync.Bridge
{
    /// <summary>Kinds of msgpack values.</summary>
    public enum MsgpackKind
    {
        /// <summary>Nil.</summary>
        Nil,

        /// <summary>A boolean.</summary>
        Flag,

        /// <summary>An integer that fits 64 bits with a sign.</summary>
        Integer,

        /// <summary>An integer of 2^63 and more.</summary>
        HugeInteger,

        /// <summary>A float.</summary>
        Float,

        /// <summary>UTF-8.</summary>
        Text,

        /// <summary>Bytes.</summary>
        Binary,

        /// <summary>An array; its values follow.</summary>
        Array,

        /// <summary>A map; its keys and values follow.</summary>
        Map,

        /// <summary>An extension.</summary>
        Extension,
    }

    /// <summary>What <see cref="MsgpackReader.Next"/> read.</summary>
    public struct MsgpackToken
    {
        /// <summary>What it is.</summary>
        public MsgpackKind Kind;

        /// <summary>An integer's value; of huge ones the bits; a flag's 0 or 1; an extension's type.</summary>
        public long Integer;

        /// <summary>A float's value.</summary>
        public double Float;

        /// <summary>Where the bytes of text, binary data or an extension begin.</summary>
        public int Start;

        /// <summary>Number of those bytes, of an array's values, or of a map's pairs.</summary>
        public int Count;

        /// <summary>Whether it is an integer or a float.</summary>
        public bool IsNumber
        {
            get { return Kind == MsgpackKind.Integer || Kind == MsgpackKind.HugeInteger || Kind == MsgpackKind.Float; }
        }

        /// <summary>
        /// The value of an integer, or of a float that is a whole number: JavaScript packs whole numbers above 2^32 as floats. What does
        /// not fit 64 bits with a sign becomes the nearest number that does.
        /// </summary>
        public bool TryWhole(out long value)
        {
            bool whole = Kind == MsgpackKind.Float && Float == Math.Floor(Float) && !double.IsInfinity(Float);
            value = Kind == MsgpackKind.Integer ? Integer
                : Kind == MsgpackKind.HugeInteger || Float >= long.MaxValue ? long.MaxValue
                : Float <= long.MinValue ? long.MinValue : (long)Float;
            return whole || Kind == MsgpackKind.Integer || Kind == MsgpackKind.HugeInteger;
        }

        /// <summary>The value of an integer or float.</summary>
        public double Number
        {
            get
            {
                return Kind == MsgpackKind.Float ? Float : Kind == MsgpackKind.HugeInteger ? (double)(ulong)Integer : Integer;
            }
        }
    }
}
