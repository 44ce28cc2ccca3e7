// `golden FOLDER`: each golden file is decoded, held against the rules, and encoded to the same bytes.
using System;
using System.Collections.Generic;
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class Golden
    {
        public static int Run(string folder, TextWriter output)
        {
            int status = 0;
            string[] files = Directory.GetFiles(folder, "*.bin");
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files)
            {
                string differs = Differs(File.ReadAllBytes(file));
                status |= differs == null ? 0 : 1;
                output.WriteLine(Path.GetFileNameWithoutExtension(file) + " " + (differs ?? "same"));
            }
            output.Flush();
            return files.Length == 0 ? 1 : status;
        }

        static string Differs(byte[] data)
        {
            try
            {
                WireParts parts = Packed.Unpack(data);
                MessageKind kind = new MessageReader().Read(parts);
                byte[] again = Packed.Pack(kind == MessageKind.OfClient || kind == MessageKind.Bye ? Typed(parts) : Plain(parts));
                return FirstDifference(data, again);
            }
            catch (WireException error)
            {
                return error.Code + " " + error.Message;
            }
        }

        static string FirstDifference(byte[] data, byte[] again)
        {
            for (int i = 0; i < Math.Max(data.Length, again.Length); i++)
            {
                if (i >= data.Length || i >= again.Length || data[i] != again[i])
                {
                    return "byte " + i + " differs: " + data.Length + " bytes read, " + again.Length + " written";
                }
            }
            return null;
        }

        static WireParts Plain(WireParts parts)
        {
            var writer = new MsgpackWriter();
            Value.Read(parts[0].Array, parts[0].Offset, parts[0].Count).Write(writer);
            var again = new WireParts();
            again.Add(writer.Buffer, 0, writer.Count);
            for (int i = 1; i < parts.Count; i++)
            {
                again.Add(parts[i].Array, parts[i].Offset, parts[i].Count);
            }
            return again;
        }

        static WireParts Typed(WireParts parts)
        {
            Value header = Value.Read(parts[0].Array, parts[0].Offset, parts[0].Count);
            var writer = new MessageWriter();
            switch (header["type"].Text)
            {
                case "HELLO": return writer.Hello(header["session"].Text, Options(header), header["sent_client_s"].Number);
                case "PING":
                    Playback? playback = FrameReader.Playback(header.Field("playback"));
                    return writer.Ping(header["sent_client_s"].Number, header["frames_sent"].Integer, playback);
                case "RESET": return writer.Reset(header["reason"].Text);
                case "BYE": return writer.Bye(header["reason"].Text);
                default: return Frame(writer, parts);
            }
        }

        static WireParts Frame(MessageWriter writer, WireParts parts)
        {
            var frame = new FrameMessage();
            FrameReader.Fill(frame, parts);
            frame.Check();
            return writer.Frame(frame, FrameReader.Stamp(parts));
        }

        static ClientOptions Options(Value hello)
        {
            var options = new ClientOptions
            {
                Package = hello["package"].Text,
                Name = hello["client"].Text,
                Engine = hello["engine"].Text,
            };
            options.Capabilities.Clear();
            List<Value> flags = hello["capabilities"].Items;
            for (int i = 0; i < flags.Count; i += 2)
            {
                options.Capabilities.Add(new KeyValuePair<string, bool>(flags[i].Text, flags[i + 1].Flag));
            }
            return options;
        }
    }
}
