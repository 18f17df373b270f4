namespace Appliance.Security;

internal sealed record SecurityClassMetadata(SecurityClass Class);
