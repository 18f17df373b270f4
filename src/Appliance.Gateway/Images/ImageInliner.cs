using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.OpenAi;

namespace Appliance.Gateway.Images;

/// <summary>Puts the pictures that a body only names into it.</summary>
internal sealed class ImageInliner(ImageFetcher fetcher) : IDisposable
{
    /// <summary>In bytes of one body with its base64, as much as a chat body may have by itself.</summary>
    private const long LongestTogether = 64 * 1024 * 1024;

    /// <summary>Its own: a body waits here while it holds its share of the other one.</summary>
    private readonly BodyBudget _budget = new();

    public async ValueTask<InlinedImages> FetchAsync(ImmutableArray<MediaAddress> addresses, CancellationToken cancellationToken)
    {
        if (addresses.IsEmpty)
        {
            return InlinedImages.None;
        }

        if (await _budget.TakeAsync(null, LongestTogether, cancellationToken) is not { } share)
        {
            return InlinedImages.Refused(Failure.Overloaded());
        }

        var isHandedOver = false;
        try
        {
            var (edits, refusal) = await FetchAllAsync(addresses, cancellationToken);
            isHandedOver = refusal is null;
            return refusal is null ? new InlinedImages(edits, share, null) : InlinedImages.Refused(refusal);
        }
        finally
        {
            if (!isHandedOver)
            {
                share.Dispose();
            }
        }
    }

    public void Dispose() => _budget.Dispose();

    private async Task<(ImmutableArray<BodyEdit> Edits, Failure? Refusal)> FetchAllAsync(ImmutableArray<MediaAddress> addresses, CancellationToken cancellationToken)
    {
        var edits = ImmutableArray.CreateBuilder<BodyEdit>(addresses.Length);
        var together = 0L;
        foreach (var address in addresses)
        {
            switch (await fetcher.FetchAsync(address.Text, cancellationToken))
            {
                case ImageOutcome.Fetched image when (together += image.Bytes.Length) <= LongestTogether / 2:
                    edits.Add(new BodyEdit(address.Start, address.Length, ToJson(image)));
                    break;
                case ImageOutcome.Fetched:
                    return ([], Refuse("the pictures of this request are too large together"));
                case ImageOutcome.Failed(var reason):
                    return ([], Refuse(reason));
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }

        return (edits.DrainToImmutable(), null);
    }

    private static Failure Refuse(string reason) =>
        Failure.BadRequest($"A picture could not be fetched: {reason}. Send the picture itself (data:image/png;base64,…) instead.", "image_url", "image_not_fetched");

    /// <summary>The picture as a JSON text.</summary>
    private static ReadOnlyMemory<byte> ToJson(ImageOutcome.Fetched image)
    {
        var head = Encoding.ASCII.GetBytes($"\"data:{image.MediaType};base64,");
        var text = new byte[head.Length + Base64.GetMaxEncodedToUtf8Length(image.Bytes.Length) + 1];
        head.CopyTo(text, 0);
        Base64.EncodeToUtf8(image.Bytes.Span, text.AsSpan(head.Length), out _, out var written);
        text[head.Length + written] = (byte)'"';
        return text.AsMemory(0, head.Length + written + 1);
    }
}
