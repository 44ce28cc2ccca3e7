// The place as the engine knows it. Plain data, reused with its frame; its text belongs to the caller.
namespace StereoSync.Bridge
{
    /// <summary>A room: <see cref="SizeM"/> 0 is outdoors.</summary>
    public struct RoomSpec
    {
        /// <summary>Typical width, m, 0 to 10000.</summary>
        public double SizeM;

        /// <summary>The share of the energy that walls give back, 0 to 1.</summary>
        public double Hardness;

        /// <summary>A room.</summary>
        public RoomSpec(double sizeM, double hardness)
        {
            SizeM = sizeM;
            Hardness = hardness;
        }

        internal void Check()
        {
            FieldRules.Number(SizeM, 0, 10000, "room.size_m");
            FieldRules.Number(Hardness, 0, 1, "room.hardness");
        }

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(2);
            writer.Text("size_m").Float(SizeM);
            writer.Text("hardness").Float(Hardness);
        }
    }

    /// <summary>What the engine says of the place; what is null is seen in the picture.</summary>
    public sealed class SceneSpec
    {
        /// <summary>A word of PROTOCOL.md's places; empty: a quiet place; null if not known.</summary>
        public string Place;

        /// <summary>How much of it is heard, 0 to 1; null if not known.</summary>
        public double? Amount;

        /// <summary>The room; null if not known.</summary>
        public RoomSpec? Room;

        /// <summary>Whether the place is to be heard at all; false for games that have an ambience of their own.</summary>
        public bool Ambience = true;

        /// <summary>Whether nothing is said.</summary>
        public bool IsEmpty
        {
            get { return Fields == 0; }
        }

        int Fields
        {
            get { return (Place != null ? 1 : 0) + (Amount.HasValue ? 1 : 0) + (Room.HasValue ? 1 : 0) + (Ambience ? 0 : 1); }
        }

        internal void Clear()
        {
            Place = null;
            Amount = null;
            Room = null;
            Ambience = true;
        }

        internal void Check()
        {
            if (Amount.HasValue)
            {
                FieldRules.Number(Amount.Value, 0, 1, "amount");
            }
            if (Room.HasValue)
            {
                Room.Value.Check();
            }
        }

        internal void Write(MsgpackWriter writer)
        {
            writer.Map(Fields);
            if (Place != null)
            {
                writer.Text("place").Word(Place);
            }
            if (Amount.HasValue)
            {
                writer.Text("amount").Float(Amount.Value);
            }
            if (Room.HasValue)
            {
                writer.Text("room");
                Room.Value.Write(writer);
            }
            if (!Ambience)
            {
                writer.Text("ambience").Flag(false);
            }
        }
    }
}
