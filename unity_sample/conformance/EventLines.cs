// What the client tells, as the lines of bridge/CONFORMANCE.md.
using System.Collections.Generic;

namespace StereoSync.Bridge.Conformance
{
    sealed class EventLines : IClientEvents
    {
        readonly List<string> _lines;

        public EventLines(List<string> lines)
        {
            _lines = lines;
        }

        public void OnWelcomed(Welcome welcome)
        {
            _lines.Add("event welcomed " + welcome.Session);
        }

        public void OnAudio(AudioMessage audio)
        {
            string capture = audio.CaptureClientS.HasValue ? Lines.Show(audio.CaptureClientS.Value) : "nil";
            _lines.Add("event audio " + audio.Epoch + " " + audio.StartSample + " " + audio.Count + " " + capture);
        }

        public void OnStats(Dictionary<string, double> values)
        {
            _lines.Add("event stats " + values.Count);
        }

        public void OnError(ErrorMessage error)
        {
            string field = error.Field.Length > 0 ? error.Field : "-";
            _lines.Add("event error " + error.Code + " " + field + " " + (error.Fatal ? 1 : 0));
        }

        public void OnUnanswered(string reason)
        {
            _lines.Add("event unanswered");
        }

        public void OnDisconnected(string reason)
        {
            _lines.Add("event disconnected");
        }
    }
}
