namespace Appliance.Problems;

internal static class Dialects
{
    private static readonly (PathString Prefix, Dialect Dialect)[] Rows =
    [
        ("/api", Dialect.Problem),
        ("/scrub", Dialect.Problem),
        ("/rehydrate", Dialect.Problem),
        ("/openapi", Dialect.Problem),
        ("/healthz", Dialect.Problem),
        ("/readyz", Dialect.Problem),
        ("/v1", Dialect.OpenAi),
        ("/v2/rerank", Dialect.OpenAi),
        ("/rerank", Dialect.OpenAi),
        ("/tokenize", Dialect.OpenAi),
        ("/detokenize", Dialect.OpenAi),
        ("/redacted/v1", Dialect.OpenAi),
    ];

    public static Dialect Of(PathString path)
    {
        foreach (var (prefix, dialect) in Rows)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return dialect;
            }
        }

        return Dialect.Text;
    }
}
