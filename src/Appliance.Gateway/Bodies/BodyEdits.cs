using System.Buffers;

namespace Appliance.Gateway.Bodies;

/// <summary>Copies of a body in which some places are exchanged. Pure.</summary>
internal static class BodyEdits
{
    /// <summary>The edits may come in any order; they do not overlap.</summary>
    public static byte[] Apply(in ReadOnlySequence<byte> body, IEnumerable<BodyEdit> edits)
    {
        var sorted = edits.OrderBy(edit => edit.Start).ToArray();
        var copy = new byte[body.Length + sorted.Sum(edit => edit.Text.Length - edit.Length)];
        var from = 0L;
        var to = 0;
        foreach (var edit in sorted)
        {
            to += CopyTo(body.Slice(from, edit.Start - from), copy.AsSpan(to));
            edit.Text.Span.CopyTo(copy.AsSpan(to));
            to += edit.Text.Length;
            from = edit.Start + edit.Length;
        }

        CopyTo(body.Slice(from), copy.AsSpan(to));
        return copy;
    }

    private static int CopyTo(in ReadOnlySequence<byte> part, Span<byte> target)
    {
        part.CopyTo(target);
        return (int)part.Length;
    }
}
