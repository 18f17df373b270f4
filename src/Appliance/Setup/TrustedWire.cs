namespace Appliance.Setup;

internal sealed record TrustedWire(bool Trusted, string Fingerprint);
