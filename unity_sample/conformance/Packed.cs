// The layout of golden files: uint32 number of parts, one uint32 length per part, the parts, little endian.
using System;
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class Packed
    {
        public static byte[] Pack(WireParts parts)
        {
            var stream = new MemoryStream();
            var writer = new BinaryWriter(stream);
            writer.Write(parts.Count);
            for (int i = 0; i < parts.Count; i++)
            {
                writer.Write(parts[i].Count);
            }
            for (int i = 0; i < parts.Count; i++)
            {
                writer.Write(parts[i].Array, parts[i].Offset, parts[i].Count);
            }
            return stream.ToArray();
        }

        public static WireParts Unpack(byte[] data)
        {
            var parts = new WireParts();
            int count = BitConverter.ToInt32(data, 0), at = 4 + 4 * count;
            for (int i = 0; i < count; i++)
            {
                int length = BitConverter.ToInt32(data, 4 + 4 * i);
                parts.Add(data, at, length);
                at += length;
            }
            return parts;
        }
    }
}
