// What goes to Unity's console. Main thread only.
using System.Collections.Generic;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Logs each sentence once until a session begins anew, so that a service that is away does not fill the console.</summary>
    internal sealed class NoticeLog
    {
        readonly HashSet<string> _said = new HashSet<string>();

        /// <summary>Everything may be said again.</summary>
        public void Clear()
        {
            _said.Clear();
        }

        /// <summary>Takes and logs all that the worker has to tell.</summary>
        public void Write(BridgeWorker worker, Object context)
        {
            Notice notice;
            while (worker.TryTakeNotice(out notice))
            {
                Write(notice, context);
            }
        }

        /// <summary>Logs a fault of the capture; null is none.</summary>
        public void Write(string fault, Object context)
        {
            if (fault != null && _said.Add(fault))
            {
                Debug.LogWarning("StereoSync: " + fault, context);
            }
        }

        internal void Write(Notice notice, Object context)
        {
            if (notice.Kind == NoticeKind.Connected)
            {
                _said.Clear();
                Debug.Log("StereoSync: " + notice.Text, context);
            }
            else if (!_said.Add(notice.Text))
            {
                return;
            }
            else if (notice.Kind == NoticeKind.Error)
            {
                Debug.LogError("StereoSync: " + notice.Text, context);
            }
            else
            {
                Debug.LogWarning("StereoSync: " + notice.Text, context);
            }
        }
    }
}
