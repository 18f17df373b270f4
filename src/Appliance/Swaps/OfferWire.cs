using System.Text.Json;
using Appliance.Cluster.Fit;

namespace Appliance.Swaps;

internal sealed record OfferWire(string Kind, string Text, string? Lane, IReadOnlyList<string>? Services, long? FreesBytes, int? ContextLength, double? MemoryShare)
{
    public static OfferWire From(FitOffer offer) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(offer.Kind.ToString()),
        offer.Text,
        offer.Lane?.Value,
        offer.Services.IsEmpty ? null : [.. offer.Services.Select(service => service.Value)],
        offer.Frees?.Bytes,
        offer.ContextLength,
        offer.MemoryShare);
}
