using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace FlowKit;

/// <summary>What the processor says of itself.</summary>
internal static class Processor
{
    private const int FirstBrand = unchecked((int)0x80000002), LastBrand = FirstBrand + 2;

    /// <summary>Who made it, such as GenuineIntel or AuthenticAMD; the architecture where the processor has no such word.</summary>
    public static string Vendor
    {
        get
        {
            if (!X86Base.IsSupported) return RuntimeInformation.ProcessArchitecture.ToString();
            var (_, b, c, d) = X86Base.CpuId(0, 0);
            return Text(b, d, c);
        }
    }

    /// <summary>Its name, as it is sold.</summary>
    public static string Name
    {
        get
        {
            if (!X86Base.IsSupported || X86Base.CpuId(FirstBrand - 2, 0).Eax is var highest && (uint)highest < unchecked((uint)LastBrand)) return Vendor;
            string name = string.Concat(Enumerable.Range(0, 3).Select(i => X86Base.CpuId(FirstBrand + i, 0)).Select(part => Text(part.Eax, part.Ebx, part.Ecx, part.Edx)));
            return string.Join(' ', name.Split((char[])[' ', '\0'], StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>The widest vectors that .NET computes with here.</summary>
    public static string Vectors =>
        Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? Avx512F.IsSupported ? "256 bits (512 are slower here, .NET says)" : "256 bits" : Vector128.IsHardwareAccelerated ? "128 bits" : "none";

    private static string Text(params ReadOnlySpan<int> registers) => Encoding.ASCII.GetString(MemoryMarshal.AsBytes(registers));
}
