using System.Runtime.InteropServices;

namespace Appliance.Gateway.Exchanges;

/// <summary>Some bytes of a body: a value, quotes and brackets included.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonSlice(long Start, long Length)
{
    public long End => Start + Length;
}
