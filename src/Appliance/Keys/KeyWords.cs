using Appliance.Cluster.Keys;

namespace Appliance.Keys;

/// <summary>Keys in words. Pure.</summary>
internal static class KeyWords
{
    public static bool TryReadScope(string? text, out KeyScope scope)
    {
        (var isKnown, scope) = text switch
        {
            "use" => (true, KeyScope.Use),
            "swap" => (true, KeyScope.Swap),
            "admin" => (true, KeyScope.Admin),
            _ => (false, KeyScope.Use),
        };
        return isKnown;
    }

    public static string Name(KeyScope scope) => scope switch
    {
        KeyScope.Use => "use",
        KeyScope.Swap => "swap",
        KeyScope.Admin => "admin",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Name(KeyDemand demand) => demand switch
    {
        KeyDemand.Off => "off",
        KeyDemand.Changes => "changes",
        KeyDemand.All => "all",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string MayDo(KeyScope scope) => scope switch
    {
        KeyScope.Use => "May ask models",
        KeyScope.Swap => "May ask and change models",
        KeyScope.Admin => "May do everything, and sign in here",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Asked(KeyDemand demand) => demand switch
    {
        KeyDemand.Off => "No key is asked for: whoever reaches the appliance may do everything.",
        KeyDemand.Changes => "Whatever changes something needs a key, and so do these pages. Asking models and reading are open.",
        KeyDemand.All => "Everything needs a key.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
