// A character's rectangle and what the engine knows of it. Plain data, reused with its frame.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>A character's rectangle in pixels of the picture, fractions wanted; it may leave the picture.</summary>
    public sealed class BoxSpec
    {
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

        /// <summary>What the engine knows, 16 at most, names unique.</summary>
        public readonly List<Hint> Hints = new List<Hint>();

        internal void Clear()
        {
            Id = 0;
            Label = "";
            X0 = Y0 = X1 = Y1 = 0;
            Tight = true;
            Position = null;
            Hints.Clear();
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
            CheckHints();
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

        void CheckHints()
        {
            if (Hints.Count > 16)
            {
                throw new WireException(ErrorCodes.BadValue, "hints", "must hold at most 16 entries, got " + Hints.Count);
            }
            for (int i = 0; i < Hints.Count; i++)
            {
                CheckHint(Hints[i], i);
            }
        }

        void CheckHint(Hint hint, int index)
        {
            FieldRules.Text(hint.Name, 64, "hints key");
            for (int i = 0; i < index; i++)
            {
                if (Hints[i].Name == hint.Name)
                {
                    throw new WireException(ErrorCodes.BadValue, "hints." + hint.Name, "is there twice: give each hint one name");
                }
            }
            if (hint.Word != null)
            {
                FieldRules.Text(hint.Word, 64, "hints." + hint.Name);
            }
            else
            {
                FieldRules.Number(hint.Number, double.MinValue, double.MaxValue, "hints." + hint.Name);
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
            writer.Map(9);
            writer.Text("id").Integer(Id);
            writer.Text("label").Text(Label);
            writer.Text("x0").Float(X0);
            writer.Text("y0").Float(Y0);
            writer.Text("x1").Float(X1);
            writer.Text("y1").Float(Y1);
            writer.Text("tight").Flag(Tight);
            writer.Text("position_m");
            WritePosition(writer);
            writer.Text("hints");
            WriteHints(writer);
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

        void WriteHints(MsgpackWriter writer)
        {
            writer.Map(Hints.Count);
            foreach (Hint hint in Hints)
            {
                writer.Text(hint.Name);
                if (hint.Word != null)
                {
                    writer.Text(hint.Word);
                }
                else
                {
                    writer.Float(hint.Number);
                }
            }
        }
    }
}
