// A float32 and its bits, without unsafe code and without garbage.
using System.Runtime.InteropServices;

namespace StereoSync.Bridge
{
    [StructLayout(LayoutKind.Explicit)]
    struct FloatBits
    {
        [FieldOffset(0)]
        public float Value;

        [FieldOffset(0)]
        public uint Bits;
    }
}
