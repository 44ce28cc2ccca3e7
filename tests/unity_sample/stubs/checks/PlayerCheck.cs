// The player without a worker, its source, and a change of the device.
using UnityEngine;

namespace StereoSync.Checks
{
    internal static class PlayerCheck
    {
        public static void Run()
        {
            AudioSettings.outputSampleRate = 48000;
            var player = new GameObject("player").AddComponent<StereoSyncPlayer>();
            var source = player.GetComponent<AudioSource>();
            Program.Say("source", source.isPlaying, source.spatialBlend, source.clip == null, source.loop, source.priority);
            var data = new[] { 1f, 2f, 3f, 4f };
            GameObject.Send(player, "OnAudioFilterRead", data, 2);
            Program.Say("silence", data[0], data[1], data[2], data[3]);
            source.Stop(); // as Unity does when the device changes
            AudioSettings.Change(44100);
            Program.Say("device", player.DeviceRateHz, source.isPlaying);
            var worker = new StereoSync.Bridge.BridgeWorker(new StereoSync.Bridge.ClientOptions());
            player.Worker = worker;
            Program.Say("latency", worker.DeviceMs);
            AudioSettings.DspSamples = 256;
            AudioSettings.Change(48000);
            Program.Say("latency", worker.DeviceMs);
            AudioSettings.Change(44100);
            player.Worker = null;
            player.Volume = 7;
            Program.Say("volume", player.Volume);
            player.enabled = false;
            Program.Say("off", source.isPlaying, AudioSettings.Watched);
        }
    }
}
