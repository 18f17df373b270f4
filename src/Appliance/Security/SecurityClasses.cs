namespace Appliance.Security;

internal static class SecurityClasses
{
    public static TBuilder WithSecurityClass<TBuilder>(this TBuilder builder, SecurityClass securityClass)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new SecurityClassMetadata(securityClass));

    public static SecurityClass? FindSecurityClass(this Endpoint endpoint) => endpoint.Metadata.GetMetadata<SecurityClassMetadata>()?.Class;

    /// <summary>Default deny: an endpoint that nobody classified does not go into service.</summary>
    public static void EnsureEveryEndpointHasSecurityClass(this IEndpointRouteBuilder endpoints)
    {
        var without = endpoints.DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.FindSecurityClass() is null)
            .Select(endpoint => endpoint.DisplayName ?? endpoint.ToString())
            .ToArray();
        if (without.Length > 0)
        {
            throw new InvalidOperationException($"Endpoints without a security class: {string.Join("; ", without)}");
        }
    }
}
