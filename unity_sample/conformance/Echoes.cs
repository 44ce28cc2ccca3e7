// `echo ADDRESS COUNT`: sends back that many messages as they came, over the real transport; then counts what it saw.
using System.Diagnostics;
using System.IO;

namespace StereoSync.Bridge.Conformance
{
    static class Echoes
    {
        const double LimitS = 30;

        public static int Run(string address, int count, TextWriter output)
        {
            var transport = new ZmtpTransport(new ClientOptions());
            var parts = new WireParts();
            Stopwatch watch = Stopwatch.StartNew();
            transport.OpenControl(address);
            transport.SendControl(new MessageWriter().Bye("hello"));
            int echoed = 0, lost = 0;
            string trouble = "";
            while (echoed < count && watch.Elapsed.TotalSeconds < LimitS)
            {
                transport.Wait(10);
                lost += transport.TakeLost() ? 1 : 0;
                while (transport.TryReceive(parts))
                {
                    echoed += transport.SendControl(parts) ? 1 : 0;
                }
                if (transport.Trouble != trouble)
                {
                    trouble = transport.Trouble;
                    output.WriteLine("trouble " + trouble);
                    output.Flush();
                }
                if (lost > 0)
                {
                    break;
                }
            }
            transport.Dispose();
            output.WriteLine("echoed " + echoed + " lost " + lost);
            output.Flush();
            return 0;
        }
    }
}
