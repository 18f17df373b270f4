namespace Appliance.Routing;

/// <summary>One mistake in a wish for aliases.</summary>
internal sealed record AliasErrorWire(string Alias, string Message);
