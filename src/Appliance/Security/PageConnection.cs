namespace Appliance.Security;

/// <summary>A page's connection for clicks and pictures, which is not the page itself.</summary>
internal static class PageConnection
{
    public static bool Is(HttpRequest request) => request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);
}
