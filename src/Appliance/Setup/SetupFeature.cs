namespace Appliance.Setup;

/// <summary>Getting to know a machine: our key there, its key here, and a test of the way.</summary>
public static class SetupFeature
{
    public static IServiceCollection AddSetup(this IServiceCollection services) =>
        services.AddSingleton<ConnectionTest>().AddSingleton<HostConfirmation>().AddScoped<HostHelpDesk>();
}
