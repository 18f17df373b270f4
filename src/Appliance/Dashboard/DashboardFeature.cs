namespace Appliance.Dashboard;

/// <summary>The home page's registration.</summary>
public static class DashboardFeature
{
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services.AddScoped<DismissedJobs>();
}
