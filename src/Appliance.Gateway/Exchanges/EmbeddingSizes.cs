namespace Appliance.Gateway.Exchanges;

/// <summary>
/// Models whose vectors have one length only: they were not trained so that the beginning of a vector means something alone, and a cut one finds wrong texts
/// without any sign of it. Lengths are those of their model cards.
/// </summary>
internal static class EmbeddingSizes
{
    private static readonly (string Part, int Size)[] Known =
    [
        ("bge-m3", 1024),
        ("bge-large", 1024),
        ("bge-base", 768),
        ("bge-small-zh", 512),
        ("bge-small", 384),
        ("e5-large", 1024),
        ("e5-base", 768),
        ("e5-small", 384),
        ("all-mpnet-base-v2", 768),
        ("all-minilm-l6-v2", 384),
        ("all-minilm-l12-v2", 384),
    ];

    /// <summary>The only length of a model's vectors; null for a model that may have others, or that is not known.</summary>
    public static int? Find(params IEnumerable<string?> names) =>
        names.OfType<string>().Select(name => Known.FirstOrDefault(known => name.Contains(known.Part, StringComparison.OrdinalIgnoreCase)).Size).FirstOrDefault(size => size > 0) is > 0 and var found
            ? found
            : null;
}
