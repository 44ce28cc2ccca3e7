// Any msgpack value as a tree, for tests alone: the client itself reads fields where they lie.
using System;
using System.Collections.Generic;

namespace StereoSync.Bridge.Conformance
{
    /// <summary>A value; of arrays the items, of maps keys and values in turn.</summary>
    sealed class Value
    {
        MsgpackToken _token;
        byte[] _data;
        readonly List<Value> _items = new List<Value>();

        /// <summary>The whole of some bytes.</summary>
        public static Value Read(byte[] data, int offset, int count)
        {
            var reader = new MsgpackReader();
            reader.Load(data, offset, count);
            reader.Skip();
            if (!reader.AtEnd)
            {
                throw new WireException(ErrorCodes.BadHeader, "header", "bytes follow the value's end");
            }
            reader.Position = offset;
            return Read(reader);
        }

        static Value Read(MsgpackReader reader)
        {
            var value = new Value { _token = reader.Next(), _data = reader.Data };
            bool map = value._token.Kind == MsgpackKind.Map;
            int items = map ? 2 * value._token.Count : value._token.Kind == MsgpackKind.Array ? value._token.Count : 0;
            for (int i = 0; i < items; i++)
            {
                value._items.Add(Read(reader));
            }
            return value;
        }

        public void Write(MsgpackWriter writer)
        {
            switch (_token.Kind)
            {
                case MsgpackKind.Nil: writer.Nil(); break;
                case MsgpackKind.Flag: writer.Flag(_token.Integer != 0); break;
                case MsgpackKind.Integer: writer.Integer(_token.Integer); break;
                case MsgpackKind.HugeInteger: writer.Unsigned((ulong)_token.Integer); break;
                case MsgpackKind.Float: writer.Float(_token.Float); break;
                case MsgpackKind.Text: writer.Text(_data, _token.Start, _token.Count); break;
                case MsgpackKind.Binary: writer.Binary(_data, _token.Start, _token.Count); break;
                case MsgpackKind.Extension: writer.Extension((int)_token.Integer, _data, _token.Start, _token.Count); break;
                case MsgpackKind.Array: writer.Array(_token.Count); break;
                case MsgpackKind.Map: writer.Map(_token.Count); break;
            }
            foreach (Value item in _items)
            {
                item.Write(writer);
            }
        }

        public bool IsNil
        {
            get { return _token.Kind == MsgpackKind.Nil; }
        }

        public bool IsText
        {
            get { return _token.Kind == MsgpackKind.Text; }
        }

        public string Text
        {
            get { return System.Text.Encoding.UTF8.GetString(_data, _token.Start, _token.Count); }
        }

        public long Integer
        {
            get { return _token.Integer; }
        }

        public double Number
        {
            get { return _token.Number; }
        }

        public bool Flag
        {
            get { return _token.Integer != 0; }
        }

        public List<Value> Items
        {
            get { return _items; }
        }

        /// <summary>A field of a map; null if it is not there.</summary>
        public Value Field(string name)
        {
            for (int i = 0; i < _items.Count; i += 2)
            {
                if (_items[i].Text == name)
                {
                    return _items[i + 1];
                }
            }
            return null;
        }

        /// <summary>A field of a map.</summary>
        public Value this[string name]
        {
            get
            {
                Value field = Field(name);
                if (field == null)
                {
                    throw new ArgumentException("there is no field " + name);
                }
                return field;
            }
        }
    }
}
