using System.Security.Cryptography;

namespace Appliance.Hosts.Ssh;

/// <summary>A host's public key as it shows it.</summary>
/// <param name="Type">The algorithm, for example <c>ssh-ed25519</c>.</param>
/// <param name="Blob">The key, base64.</param>
public sealed record HostKey(string Type, string Blob)
{
    /// <summary>What a person compares: <c>SHA256:</c> and 43 characters, as <c>ssh-keygen -lf</c> prints it on the host.</summary>
    public string Fingerprint => $"SHA256:{Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Blob))).TrimEnd('=')}";
}
