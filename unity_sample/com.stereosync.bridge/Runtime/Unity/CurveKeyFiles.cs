// Reads the key files that stereosync-keys writes. Pure but for the files; any thread.
using System;
using System.IO;
using StereoSync.Bridge;

namespace StereoSync
{
    /// <summary>Keys are read from files, so that no scene and no build carries a secret.</summary>
    internal static class CurveKeyFiles
    {
        const int KeyLength = 40;

        /// <param name="clientFile">The client's NAME.key_secret.</param>
        /// <param name="serverFile">The service's server.key.</param>
        /// <exception cref="ArgumentException">A file is missing or holds no such key; the message says which.</exception>
        public static CurveKeys Read(string clientFile, string serverFile)
        {
            string client = ReadFile(clientFile, "Client Key File"), server = ReadFile(serverFile, "Server Key File");
            return new CurveKeys
            {
                PublicKey = Find(client, "public-key", clientFile),
                SecretKey = Find(client, "secret-key", clientFile),
                ServerKey = Find(server, "public-key", serverFile),
            };
        }

        static string ReadFile(string path, string field)
        {
            if (string.IsNullOrEmpty(path) || !File.Exists(path))
            {
                throw new ArgumentException(field + " names no file (" + path + "): make keys with stereosync-keys and give their paths");
            }
            return File.ReadAllText(path);
        }

        static string Find(string text, string name, string path)
        {
            foreach (string line in text.Split('\n'))
            {
                string[] halves = line.Trim().Split(new[] { '=' }, 2);
                string value = halves.Length == 2 ? halves[1].Trim().Trim('"') : "";
                if (halves[0].Trim() == name && value.Length == KeyLength)
                {
                    return value;
                }
            }
            throw new ArgumentException(path + " holds no " + name + ": give the file that stereosync-keys made for it");
        }
    }
}
