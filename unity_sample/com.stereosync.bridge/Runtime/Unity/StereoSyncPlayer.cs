// Plays the sound. OnAudioFilterRead runs on Unity's audio thread, all else on the main thread.
using System;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>
    /// An audio source whose samples come from the service. <see cref="StereoSyncBridge"/> makes one by itself; put it on an object of your
    /// own to send the sound through a mixer group. It needs an object without AudioListener.
    /// </summary>
    [AddComponentMenu("StereoSync/StereoSync Player")]
    [RequireComponent(typeof(AudioSource))]
    [DisallowMultipleComponent]
    public sealed class StereoSyncPlayer : MonoBehaviour
    {
        [Tooltip("1 plays as loud as the service says.")]
        [SerializeField, Range(0, 1)] float volume = 1;

        volatile BridgeWorker _worker;
        volatile int _deviceRateHz;
        AudioSource _source;

        /// <summary>0 to 1; 1 plays as loud as the service says.</summary>
        public float Volume { get { return volume; } set { volume = Mathf.Clamp01(value); } }

        /// <summary>Rate of the audio device, Hz; 48000 needs no conversion.</summary>
        public int DeviceRateHz { get { return _deviceRateHz; } }

        /// <summary>Where samples come from; null plays silence. Any thread.</summary>
        internal BridgeWorker Worker
        {
            get { return _worker; }
            set { _worker = value; TellLatency(); }
        }

        void OnEnable()
        {
            _source = GetComponent<AudioSource>();
            AudioSettings.OnAudioConfigurationChanged += OnDevice;
            OnDevice(false);
        }

        void OnDisable()
        {
            AudioSettings.OnAudioConfigurationChanged -= OnDevice;
            _source.Stop();
        }

        /// <summary>Unity stops all sources when the device changes. A source without a clip plays its first filter: this component.</summary>
        void OnDevice(bool deviceWasChanged)
        {
            _deviceRateHz = AudioSettings.outputSampleRate;
            TellLatency();
            _source.clip = null;
            _source.loop = true;
            _source.spatialBlend = 0; // left and right are in the sound already
            _source.dopplerLevel = 0;
            _source.bypassReverbZones = true;
            _source.priority = 0; // never given up for other sources
            _source.Play();
        }

        /// <summary>What Unity's mixer keeps between this component and the device: all of its blocks.</summary>
        void TellLatency()
        {
            int samples, blocks;
            AudioSettings.GetDSPBufferSize(out samples, out blocks);
            if (_worker != null && _deviceRateHz > 0)
            {
                _worker.DeviceMs = 1000.0 * samples * blocks / _deviceRateHz;
            }
        }

        void OnAudioFilterRead(float[] data, int channels)
        {
            BridgeWorker worker = _worker;
            if (worker == null || _deviceRateHz <= 0)
            {
                Array.Clear(data, 0, data.Length);
                return;
            }
            worker.Read(data, channels, _deviceRateHz);
            float gain = volume;
            for (int i = 0; gain != 1 && i < data.Length; i++)
            {
                data[i] *= gain;
            }
        }
    }
}
