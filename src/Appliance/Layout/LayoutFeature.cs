namespace Appliance.Layout;

/// <summary>The pages' registration.</summary>
public static class LayoutFeature
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddScoped<CircuitView>();
        return services;
    }

    public static IEndpointConventionBuilder MapPages(this IEndpointRouteBuilder routes) =>
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode();
}
