using Appliance.Cluster.Models;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;
using Appliance.Swaps;

namespace Appliance.Models;

internal sealed record ModelWire
{
    public required string Id { get; init; }

    public required string Repo { get; init; }

    public required string Name { get; init; }

    public required ModelState State { get; init; }

    /// <summary>Absent until a recipe says it.</summary>
    public RecipePlacement? Mode { get; init; }

    public required IReadOnlyList<string> Hosts { get; init; }

    public required IReadOnlyList<CopyWire> Copies { get; init; }

    public required long SizeBytes { get; init; }

    public required IReadOnlyList<Capability> Capabilities { get; init; }

    public int? ContextLength { get; init; }

    public string? ServedName { get; init; }

    public FitWire? Fit { get; init; }

    /// <summary>How long it took to come up before; absent until it was started once.</summary>
    public LoadEstimateWire? LoadEstimate { get; init; }

    public RecipeSource? RecipeSource { get; init; }

    public required bool Local { get; init; }

    public static ModelWire From(ModelCard card, LoadEstimate? estimate) => new()
    {
        Id = card.Id.Value,
        Repo = card.Repo.ToString(),
        Name = card.Name,
        State = card.State,
        Mode = card.Recipe?.Placement,
        Hosts = [.. card.Copies.Select(copy => copy.Host.Value)],
        Copies = [.. card.Copies.Select(CopyWire.From)],
        SizeBytes = card.Size.Bytes,
        Capabilities = card.Capabilities,
        ContextLength = card.ContextLength,
        ServedName = card.Recipe?.ServedName,
        Fit = card.Fit is { } fit ? FitWire.From(fit) : null,
        LoadEstimate = estimate is null ? null : LoadEstimateWire.From(estimate),
        RecipeSource = card.Recipe?.Source,
        Local = false,
    };
}
