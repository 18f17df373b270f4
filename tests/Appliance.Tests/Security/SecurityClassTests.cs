using Appliance.Security;
using Appliance.Tests.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Security;

[Collection(ApplianceTests.Name)]
public sealed class SecurityClassTests(ApplianceRun appliance)
{
    private static readonly SecurityClass[] Changing = [SecurityClass.Mutate, SecurityClass.Destructive, SecurityClass.Administer];

    [Fact]
    public void Every_endpoint_has_a_security_class() =>
        appliance.Get<EndpointDataSource>().Endpoints.Where(endpoint => endpoint.FindSecurityClass() is null).ShouldBeEmpty();

    [Fact]
    public void What_changes_something_is_never_a_read() =>
        MappedEndpoint.All(appliance.Services)
            .Where(target => target.Path.StartsWith("/api", StringComparison.Ordinal) && target.Method != "GET")
            .ShouldAllBe(target => Changing.Contains(target.Endpoint.FindSecurityClass()!.Value));

    [Fact]
    public async Task Start_fails_for_an_endpoint_without_one()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/fine", () => "x").WithSecurityClass(SecurityClass.PublicRead);
        app.MapGet("/forgotten", () => "x");

        Should.Throw<InvalidOperationException>(() => app.EnsureEveryEndpointHasSecurityClass()).Message.ShouldContain("/forgotten");
    }
}
