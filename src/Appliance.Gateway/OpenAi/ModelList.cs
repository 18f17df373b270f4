using System.Collections.Immutable;

namespace Appliance.Gateway.OpenAi;

/// <summary>The answer of <c>/v1/models</c>.</summary>
/// <param name="Data">What answers now.</param>
internal sealed record ModelList(ImmutableArray<ListedModel> Data)
{
    public string Object { get; } = "list";
}
