using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("StereoSync.Bridge.Editor")]
[assembly: InternalsVisibleTo("StereoSync.Bridge.NetMQ")]
