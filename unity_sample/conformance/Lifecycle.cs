// `lifecycle`: a worker is disposed in every order, and meets transports that throw. Each line is a fact and its measure.
using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace StereoSync.Bridge.Conformance
{
    static class Lifecycle
    {
        const string Nobody = "tcp://127.0.0.1:9";

        public static int Run(TextWriter output)
        {
            output.WriteLine("unstarted " + Stopped(Worker(null)));
            output.WriteLine("started " + Stopped(Started(Worker(null))));
            output.WriteLine("after_dispose " + AfterDispose());
            output.WriteLine("throwing " + Throwing());
            output.WriteLine("broken_factory " + Stopped(Faulty()));
            output.Flush();
            return 0;
        }

        static BridgeWorker Worker(Func<ClientOptions, ITransport> makeTransport)
        {
            return new BridgeWorker(new ClientOptions { ControlAddress = Nobody, MakeTransport = makeTransport });
        }

        static BridgeWorker Started(BridgeWorker worker)
        {
            worker.Start();
            worker.Start();
            Thread.Sleep(100);
            return worker;
        }

        static string Stopped(BridgeWorker worker)
        {
            Stopwatch watch = Stopwatch.StartNew();
            worker.Dispose();
            worker.Dispose();
            return watch.ElapsedMilliseconds + " " + worker.Status.State;
        }

        static string AfterDispose()
        {
            BridgeWorker worker = Started(Worker(null));
            worker.Dispose();
            worker.Start();
            worker.Pause();
            worker.Resume();
            worker.Reset("late");
            bool taken = worker.Offer(worker.RentFrame());
            var data = new[] { 1f, 1f };
            worker.Read(data, 2, 48000);
            return taken + " " + data[0] + " " + worker.Status.State;
        }

        // The first transport throws at its third wait, the second works.
        static string Throwing()
        {
            int made = 0;
            BridgeWorker worker = Worker(options => made++ == 0 ? new ThrowingTransport() : (ITransport)new ZmtpTransport(options));
            worker.Start();
            string told = Wait(worker, "fault");
            Wait(worker, "unanswered");
            return made + " " + Stopped(worker) + " " + told;
        }

        static string Wait(BridgeWorker worker, string code)
        {
            for (int i = 0; i < 1000; i++)
            {
                Notice notice;
                while (worker.TryTakeNotice(out notice))
                {
                    if (notice.Code == code)
                    {
                        return notice.Text;
                    }
                }
                Thread.Sleep(5);
            }
            return "no notice " + code;
        }

        static BridgeWorker Faulty()
        {
            BridgeWorker worker = Worker(options => { throw new InvalidOperationException("no transport"); });
            worker.Start();
            Wait(worker, "fault");
            return worker;
        }
    }

    sealed class ThrowingTransport : ITransport
    {
        int _waits;

        public string Trouble
        {
            get { return ""; }
        }

        public void OpenControl(string address)
        {
        }

        public void OpenFrames(string address)
        {
        }

        public bool SendControl(WireParts parts)
        {
            return true;
        }

        public bool SendFrame(WireParts parts)
        {
            return true;
        }

        public bool TryReceive(WireParts parts)
        {
            return false;
        }

        public void Wait(double timeoutMs)
        {
            if (++_waits == 3)
            {
                throw new InvalidOperationException("the third wait");
            }
        }

        public void Wake()
        {
        }

        public bool TakeLost()
        {
            return false;
        }

        public void CloseSockets()
        {
        }

        public void Dispose()
        {
        }
    }
}
