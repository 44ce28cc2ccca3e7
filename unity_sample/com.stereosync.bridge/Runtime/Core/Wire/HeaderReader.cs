// A message's header as fields that are asked for by name. Used by one thread; numbers are read without garbage.
using System;

namespace StereoSync.Bridge
{
    /// <summary>
    /// Load checks the whole header once; each field is then read in the order of PROTOCOL.md, so that the first broken rule is the
    /// one that is told. Unknown keys are ignored; of equal keys the last counts.
    /// </summary>
    sealed partial class HeaderReader
    {
        const int MaxHeaderBytes = 131072;

        readonly MsgpackReader _reader = new MsgpackReader();
        Field[] _fields = new Field[32];
        int _count;

        struct Field
        {
            public MsgpackToken Key;
            public int Value;
        }

        public void Load(WireParts parts)
        {
            _count = 0;
            if (parts.Count == 0 || parts[0].Count > MaxHeaderBytes)
            {
                throw Bad("must be there and at most " + MaxHeaderBytes + " bytes long");
            }
            ArraySegment<byte> header = parts[0];
            _reader.Load(header.Array, header.Offset, header.Count);
            MsgpackToken map = Checked();
            if (map.Kind != MsgpackKind.Map)
            {
                throw Bad("must be a msgpack map");
            }
            for (int i = 0; i < map.Count; i++)
            {
                AddField();
            }
        }

        MsgpackToken Checked()
        {
            int start = _reader.Position;
            _reader.Skip();
            if (!_reader.AtEnd)
            {
                throw Bad("is not msgpack: bytes follow its end");
            }
            _reader.Position = start;
            return _reader.Next();
        }

        void AddField()
        {
            if (_count == _fields.Length)
            {
                Array.Resize(ref _fields, 2 * _count);
            }
            _fields[_count].Key = _reader.NextKey();
            _fields[_count++].Value = _reader.Position;
            _reader.Skip();
        }

        static WireException Bad(string rule)
        {
            return new WireException(ErrorCodes.BadHeader, "header", rule);
        }

        /// <summary>Whether the field is there; the reader then stands behind the token.</summary>
        bool Find(string name, out MsgpackToken value)
        {
            for (int i = _count - 1; i >= 0; i--)
            {
                if (Equal(_fields[i].Key, name))
                {
                    _reader.Position = _fields[i].Value;
                    value = _reader.Next();
                    return true;
                }
            }
            value = new MsgpackToken();
            return false;
        }

        MsgpackToken Find(string name)
        {
            MsgpackToken value;
            if (!Find(name, out value))
            {
                throw new WireException(ErrorCodes.MissingField, name, "is required");
            }
            return value;
        }

        bool Equal(MsgpackToken text, string ascii)
        {
            if (text.Kind != MsgpackKind.Text || text.Count != ascii.Length)
            {
                return false;
            }
            for (int i = 0; i < ascii.Length; i++)
            {
                if (_reader.Data[text.Start + i] != ascii[i])
                {
                    return false;
                }
            }
            return true;
        }

        /// <summary>Whether the field is this word.</summary>
        public bool Is(string name, string word)
        {
            MsgpackToken value;
            return Find(name, out value) && Equal(value, word);
        }

        /// <summary>The field if it is text, else null.</summary>
        public string TextOrNull(string name)
        {
            MsgpackToken value;
            return Find(name, out value) && value.Kind == MsgpackKind.Text ? _reader.Text(value) : null;
        }

        static WireException WrongType(string name, string wanted, MsgpackToken got)
        {
            return new WireException(ErrorCodes.BadType, name, "must be " + wanted + ", got " + got.Kind.ToString().ToLowerInvariant());
        }
    }
}
