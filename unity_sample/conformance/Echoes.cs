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
            int echoed = 0;
            bool lost = false;
            string trouble = "";
            while (echoed < count && !lost && watch.Elapsed.TotalSeconds < LimitS)
            {
                transport.Wait(10);
                lost = transport.TakeLost();
                while (transport.TryReceive(parts))
                {
                    echoed += transport.SendControl(parts) ? 1 : 0;
                }
                trouble = Tell(transport.Trouble, trouble, output);
            }
            transport.Dispose();
            output.WriteLine("echoed " + echoed + " lost " + (lost ? 1 : 0));
            output.Flush();
            return 0;
        }

        static string Tell(string trouble, string told, TextWriter output)
        {
            if (trouble != told)
            {
                output.WriteLine("trouble " + trouble);
                output.Flush();
            }
            return trouble;
        }
    }
}
