// A character's rectangle and what the engine knows of it. Plain data, reused with its frame.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>A character's rectangle in pixels of the picture, fractions wanted; it may leave the picture.</summary>
    public sealed class BoxSpec
    {
        /// <summary>Feet of a character at most.</summary>
        public const int MaxFeet = 4;

        /// <summary>Contacts of a character in one frame at most.</summary>
        public const int MaxContacts = 8;

        /// <summary>The same character keeps its id; -2^53 to 2^53, unique in a frame.</summary>
        public long Id;

        /// <summary>What it is, 64 characters at most.</summary>
        public string Label = "";

        /// <summary>Left edge, px.</summary>
        public double X0;

        /// <summary>One horizontal edge, px, not above <see cref="Y1"/>; counted as the frame's BoxOrigin says.</summary>
        public double Y0;

        /// <summary>Right edge, px.</summary>
        public double X1;

        /// <summary>The other horizontal edge, px.</summary>
        public double Y1;

        /// <summary>Whether it was projected from the mesh's own vertices; false: from a loose bounding volume.</summary>
        public bool Tight = true;

        /// <summary>Camera-space position, which wins over depth; null if not known.</summary>
        public CameraPosition? Position;

        /// <summary>Where its feet are, 4 at most; empty if not known.</summary>
        public readonly List<FootSpec> Feet = new List<FootSpec>(MaxFeet);

        /// <summary>When its feet come down, 8 at most; empty if not known.</summary>
        public readonly List<ContactSpec> Contacts = new List<ContactSpec>(MaxContacts);

        /// <summary>
        /// What it walks on, in any words; what lies beyond 64 characters is not sent. Null or empty if not known. A foot's surface and a
        /// contact's win over it.
        /// </summary>
        public string Surface;

        internal void Clear()
        {
            Id = 0;
            Label = "";
            X0 = Y0 = X1 = Y1 = 0;
            Tight = true;
            Position = null;
            Feet.Clear();
            Contacts.Clear();
            Surface = null;
        }

        internal void Check()
        {
            FieldRules.Integer(Id, -FieldRules.MaxInteger, FieldRules.MaxInteger, "id");
            FieldRules.Text(Label, 64, "label");
            FieldRules.Number(X0, -1e6, 1e6, "x0");
            FieldRules.Number(Y0, -1e6, 1e6, "y0");
            FieldRules.Number(X1, -1e6, 1e6, "x1");
            FieldRules.Number(Y1, -1e6, 1e6, "y1");
            CheckPosition();
            CheckFeet();
            CheckContacts();
            CheckOrder(X0, X1, "x0", "x1");
            CheckOrder(Y0, Y1, "y0", "y1");
        }

        void CheckPosition()
        {
            if (Position.HasValue)
            {
                FieldRules.Number(Position.Value.XM, -1e9, 1e9, "position_m[0]");
                FieldRules.Number(Position.Value.YM, -1e9, 1e9, "position_m[1]");
                FieldRules.Number(Position.Value.ZM, -1e9, 1e9, "position_m[2]");
            }
        }

        void CheckFeet()
        {
            FieldRules.Most(Feet.Count, MaxFeet, "feet");
            for (int i = 0; i < Feet.Count; i++)
            {
                try
                {
                    Feet[i].Check();
                }
                catch (WireException error)
                {
                    throw error.Under("feet[" + i + "]");
                }
            }
        }

        void CheckContacts()
        {
            FieldRules.Most(Contacts.Count, MaxContacts, "contacts");
            for (int i = 0; i < Contacts.Count; i++)
            {
                try
                {
                    Contacts[i].Check();
                }
                catch (WireException error)
                {
                    throw error.Under("contacts[" + i + "]");
                }
            }
        }

        static void CheckOrder(double low, double high, string lowName, string highName)
        {
            if (low > high)
            {
                throw new WireException(ErrorCodes.BadValue, highName, "must not be below " + lowName);
            }
        }

        internal void Write(MsgpackWriter writer)
        {
            bool surface = !string.IsNullOrEmpty(Surface);
            writer.Map(8 + (Feet.Count > 0 ? 1 : 0) + (Contacts.Count > 0 ? 1 : 0) + (surface ? 1 : 0));
            writer.Text("id").Integer(Id);
            writer.Text("label").Text(Label);
            writer.Text("x0").Float(X0);
            writer.Text("y0").Float(Y0);
            writer.Text("x1").Float(X1);
            writer.Text("y1").Float(Y1);
            writer.Text("tight").Flag(Tight);
            writer.Text("position_m");
            WritePosition(writer);
            WriteFeet(writer);
            WriteContacts(writer);
            if (surface)
            {
                writer.Text("surface").Word(Surface);
            }
        }

        void WritePosition(MsgpackWriter writer)
        {
            if (!Position.HasValue)
            {
                writer.Nil();
                return;
            }
            CameraPosition position = Position.Value;
            writer.Array(3).Float(position.XM).Float(position.YM).Float(position.ZM);
        }

        void WriteFeet(MsgpackWriter writer)
        {
            if (Feet.Count > 0)
            {
                writer.Text("feet").Array(Feet.Count);
                foreach (FootSpec foot in Feet)
                {
                    foot.Write(writer);
                }
            }
        }

        void WriteContacts(MsgpackWriter writer)
        {
            if (Contacts.Count > 0)
            {
                writer.Text("contacts").Array(Contacts.Count);
                foreach (ContactSpec contact in Contacts)
                {
                    contact.Write(writer);
                }
            }
        }
    }
}
