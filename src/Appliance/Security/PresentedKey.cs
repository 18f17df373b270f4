namespace Appliance.Security;

/// <summary>The key that a request brings: as a bearer token, or in <c>x-api-key</c>, where clients of Anthropic's API send theirs.</summary>
internal static class PresentedKey
{
    private const string Scheme = "Bearer ";

    public static string? Find(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } text && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return text[Scheme.Length..].Trim();
        }

        var key = request.Headers["x-api-key"];
        return key.Count == 1 ? key[0]?.Trim() : null;
    }
}
