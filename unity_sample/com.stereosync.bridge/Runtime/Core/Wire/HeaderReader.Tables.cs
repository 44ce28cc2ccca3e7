// The part of HeaderReader that reads maps from text to flags or numbers.
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    sealed partial class HeaderReader
    {
        const int MaxKeyChars = 64;

        public Dictionary<string, bool> Flags(string name, int most)
        {
            var flags = new Dictionary<string, bool>();
            foreach (KeyValuePair<string, MsgpackToken> entry in Table(name, most))
            {
                flags[entry.Key] = Flag(entry.Value, name + "." + entry.Key);
            }
            return flags;
        }

        public Dictionary<string, double> Numbers(string name, int most)
        {
            var numbers = new Dictionary<string, double>();
            foreach (KeyValuePair<string, MsgpackToken> entry in Table(name, most))
            {
                numbers[entry.Key] = Number(entry.Value, name + "." + entry.Key, double.MinValue, double.MaxValue);
            }
            return numbers;
        }

        Dictionary<string, MsgpackToken> Table(string name, int most)
        {
            MsgpackToken map = Find(name);
            if (map.Kind != MsgpackKind.Map)
            {
                throw WrongType(name, "a map", map);
            }
            if (map.Count > most)
            {
                throw new WireException(ErrorCodes.BadValue, name, "must hold at most " + most + " entries, got " + map.Count);
            }
            var table = new Dictionary<string, MsgpackToken>();
            for (int i = 0; i < map.Count; i++)
            {
                string key = Text(_reader.NextKey(), name + " key", MaxKeyChars);
                int value = _reader.Position;
                table[key] = _reader.Next();
                _reader.Position = value;
                _reader.Skip();
            }
            return table;
        }
    }
}
