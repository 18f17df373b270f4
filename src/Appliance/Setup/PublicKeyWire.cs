namespace Appliance.Setup;

/// <summary>Our public key, one line for <c>authorized_keys</c>.</summary>
internal sealed record PublicKeyWire(string PublicKey);
