namespace Appliance.Setup;

/// <summary>"This is the machine's key."</summary>
internal sealed record TrustAskWire
{
    /// <summary>As ssh-keygen -lf prints it on the machine: SHA256: and 43 characters.</summary>
    public string? Fingerprint { get; init; }
}
