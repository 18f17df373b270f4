namespace Appliance.Gateway.Images;

/// <summary>A name leads to an address that is not called. The same words for a name that leads nowhere: who asks learns nothing about our network.</summary>
internal sealed class ForbiddenAddressException() : IOException("the address does not lead to a server on the public internet");
