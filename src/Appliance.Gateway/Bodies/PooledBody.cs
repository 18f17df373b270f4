using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Bodies;

/// <summary>
/// A request body in pooled pieces of 64 KiB. It has to be whole before it is forwarded: a forbidden address may stand in its last byte. Not thread-safe;
/// disposing gives the pieces back, and so does reading it to its end with <see cref="SplicedBodyStream"/>.
/// </summary>
internal sealed class PooledBody : IDisposable
{
    public const int PieceSize = 64 * 1024;

    private readonly List<byte[]> _pieces = new(capacity: 1);

    public long Length { get; private set; }

    /// <summary>Reads all of a stream; throws <see cref="BadHttpRequestException"/> with 413 past the limit.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="announced">The length that was promised: a small body then takes only as much memory as it needs.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<PooledBody> ReadAsync(Stream source, long? announced, long limit, CancellationToken cancellationToken)
    {
        var body = new PooledBody();
        try
        {
            while (true)
            {
                var used = (int)(body.Length % PieceSize);
                if (used == 0)
                {
                    body._pieces.Add(ArrayPool<byte>.Shared.Rent(body.Length == 0 && announced < PieceSize ? (int)announced.Value + 1 : PieceSize));
                }

                var piece = body._pieces[^1];
                var read = await source.ReadAsync(piece.AsMemory(used, Math.Min(piece.Length, PieceSize) - used), cancellationToken);
                if (read == 0)
                {
                    return body;
                }

                body.Length += read;
                if (body.Length > limit)
                {
                    throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
                }

                if (body.Length == announced)
                {
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>The bytes without a copy; valid until disposed.</summary>
    public ReadOnlySequence<byte> AsSequence()
    {
        if (Length == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        if (_pieces.Count == 1)
        {
            return new ReadOnlySequence<byte>(Piece(0));
        }

        var first = new Segment(Piece(0), null);
        var last = first;
        for (var i = 1; (long)i * PieceSize < Length; i++)
        {
            last = new Segment(Piece(i), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public void Dispose()
    {
        foreach (var piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        _pieces.Clear();
        Length = 0;
    }

    private ReadOnlyMemory<byte> Piece(int index) => _pieces[index].AsMemory(0, (int)Math.Min(PieceSize, Length - ((long)index * PieceSize)));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
