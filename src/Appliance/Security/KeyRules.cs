using Appliance.Cluster.Keys;

namespace Appliance.Security;

/// <summary>
/// Which key a call needs. Pure; this is the table:
/// <code>
///                     off    changes   all
///   PublicRead, Door   -      -         -
///   OperatorRead       -      -         use
///   Proxy              -      -         use
///   Mutate             -      swap      swap
///   Destructive        -      admin     admin
///   Administer         -      admin     admin
///   Page               -      admin     admin
/// </code>
/// </summary>
internal static class KeyRules
{
    /// <summary>The least scope that is enough; null when no key is needed.</summary>
    public static KeyScope? FindNeeded(SecurityClass securityClass, KeyDemand demand) => (securityClass, demand) switch
    {
        (_, KeyDemand.Off) => null,
        (SecurityClass.PublicRead or SecurityClass.Door, _) => null,
        (SecurityClass.OperatorRead or SecurityClass.Proxy, KeyDemand.Changes) => null,
        (SecurityClass.OperatorRead or SecurityClass.Proxy, KeyDemand.All) => KeyScope.Use,
        (SecurityClass.Mutate, _) => KeyScope.Swap,
        // Whoever may click on a page may do everything, so only an admin key signs in.
        (SecurityClass.Destructive or SecurityClass.Administer or SecurityClass.Page, _) => KeyScope.Admin,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
