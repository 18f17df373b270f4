namespace Appliance.Security;

/// <summary>The address of the sign-in, and of what comes after it.</summary>
internal static class SignInPaths
{
    public const string SignIn = "/sign-in";

    public const string SignOut = "/sign-out";

    /// <summary>The sign-in that leads back to where somebody wanted to go.</summary>
    public static string To(HttpRequest request)
    {
        var wanted = request.Path.Value is null or "/" ? "" : request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        return wanted.Length == 0 ? SignIn : $"{SignIn}?to={Uri.EscapeDataString(wanted)}";
    }

    /// <summary>
    /// A page of ours, else home: a link to the sign-in must not lead to a foreign site, nor to an address that no header can hold.
    /// </summary>
    public static string Target(string? to) =>
        to is { Length: > 0 and < 2_000 } && to[0] == '/' && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\') && to.All(letter => letter is > ' ' and < '\u007f') ? to : "/";
}
