using System.Buffers;
using System.Collections.Immutable;
using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.PassThrough;

/// <summary>A request whose JSON was read to its end.</summary>
/// <param name="model">The model it asks for.</param>
/// <param name="place">Where the model's name goes.</param>
/// <param name="wantsStream">Whether it asks for the answer as a stream of events.</param>
/// <param name="body">The bytes.</param>
/// <param name="share">Its share of the memory.</param>
internal sealed class WholeRequest(string? model, ModelPlace place, bool wantsStream, PooledBody body, IDisposable share) : ReceivedRequest(model, wantsStream)
{
    /// <summary>The pictures that were fetched for it.</summary>
    public ImmutableArray<BodyEdit> Pictures { get; init; } = [];

    /// <summary>The share of the memory that these pictures take; null without any.</summary>
    public IDisposable? PicturesShare { get; init; }

    public override long BytesHeld => body.Length + Pictures.Sum(picture => picture.Text.Length);

    /// <summary>The bytes as they came; valid until disposed.</summary>
    public ReadOnlySequence<byte> Bytes => body.AsSequence();

    /// <summary>The upstream's own name for the model put into its place; null when nothing is to be changed.</summary>
    public BodyEdit? FindNameEdit(string servedName) =>
        servedName.Length == 0 || servedName == Model ? null : new BodyEdit(place.Start, place.Length, ModelName.BytesFor(place, servedName));

    public override OutgoingBody ForUpstream(string servedName)
    {
        // Nearly always the name is all that is exchanged.
        if (FindNameEdit(servedName) is not { } name)
        {
            return new SplicedBodyStream(Bytes, Pictures.AsSpan(), this);
        }

        return new SplicedBodyStream(Bytes, Pictures.IsEmpty ? [name] : [.. Pictures.Append(name).OrderBy(edit => edit.Start)], this);
    }

    public override void Dispose()
    {
        body.Dispose();
        share.Dispose();
        PicturesShare?.Dispose();
    }
}
