#if STEREOSYNC_NETMQ
// Tells the bridge that there is a transport with CURVE. Main thread only.
using System.Threading;
using NetMQ;
using UnityEngine;
using UnityEngine.Scripting;

[assembly: AlwaysLinkAssembly] // nobody refers to this assembly, and stripping would take it away

namespace StereoSync
{
    /// <summary>Runs before the first scene is loaded.</summary>
    internal static class NetMqRegistration
    {
        const int CleanupMs = 500;

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        static void Register()
        {
            StereoSyncBridge.MakeCurveTransport = options => new NetMqTransport(options);
#if UNITY_EDITOR
            UnityEditor.AssemblyReloadEvents.beforeAssemblyReload -= Cleanup;
            UnityEditor.AssemblyReloadEvents.beforeAssemblyReload += Cleanup;
#endif
        }

        /// <summary>
        /// NetMQ's own threads must end before scripts are reloaded. With a socket that somebody forgot Cleanup blocks for ever: hence a thread
        /// of its own, and a limit.
        /// </summary>
        internal static void Cleanup()
        {
            StereoSyncBridge.StopAll();
            var cleaner = new Thread(() => NetMQConfig.Cleanup(false)) { IsBackground = true };
            cleaner.Start();
            cleaner.Join(CleanupMs);
        }
    }
}
#endif
