using System.Text;
using Appliance.TestKit.Faults;

namespace Appliance.Gateway.Tests.Faults;

/// <summary>One request of the run; everything about it follows from the seed and its number.</summary>
internal sealed record FaultRequest(int Number, string Nonce, Toxic Toxic, int Lines, bool IsStream, bool Leaves, string Padding)
{
    private const string IdPrefix = "fault-";

    /// <summary>The id by which the proxy knows which fault is meant.</summary>
    public string Id => $"{IdPrefix}{Number}-";

    public static FaultRequest Of(ToxicSchedule schedule, int number)
    {
        var random = schedule.RandomOf(-number - 1);
        var nonce = new byte[16];
        random.NextBytes(nonce);
        return new FaultRequest(
            number,
            Convert.ToHexStringLower(nonce),
            schedule.Of(number),
            Lines: random.Next(1, 25),
            IsStream: random.Next(2) == 0,
            // A few callers leave after the first bytes.
            Leaves: random.Next(33) == 0,
            Padding: new string('p', random.Next(10) == 0 ? random.Next(40_000) : random.Next(400)));
    }

    /// <summary>The number in the first bytes that reach the proxy.</summary>
    public static int NumberIn(ReadOnlyMemory<byte> head)
    {
        var rest = head.Span;
        var at = rest.IndexOf(Encoding.ASCII.GetBytes(IdPrefix));
        if (at < 0)
        {
            throw new InvalidOperationException("A request without its id reached the proxy.");
        }

        rest = rest[(at + IdPrefix.Length)..];
        return int.Parse(rest[..rest.IndexOf((byte)'-')], null);
    }

    public string ToBody() => IsStream
        ? $$"""{"model":"qwen-served","stream":true,"nonce":"{{Nonce}}","lines":{{Lines}},"padding":"{{Padding}}"}"""
        : $$"""{"model":"Qwen/Qwen3.6-35B","nonce":"{{Nonce}}","lines":{{Lines}},"padding":"{{Padding}}"}""";
}
