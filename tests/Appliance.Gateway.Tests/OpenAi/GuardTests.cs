using Appliance.Gateway.Tests.Rig;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.OpenAi;

public sealed class GuardTests
{
    [Fact]
    public async Task Fault_inside_is_a_whole_error_object_and_the_connection_goes_on()
    {
        var (rig, _) = await GatewayRig.StartWithQwenAsync();
        await using var disposal = rig;
        rig.Upstreams.Answer = _ => throw new InvalidOperationException("A secret of the inside.");
        using var client = await RawClient.ConnectAsync(rig.Address);

        await client.PostAsync("/v1/chat/completions", """{"model":"qwen-served","messages":[]}""");
        await client.ReadUntilAsync("\"error\"");
        rig.Upstreams.Answer = null;
        await client.SendAsync("GET /v1/models HTTP/1.1\r\nHost: gateway\r\n\r\n");
        var seen = await client.ReadUntilAsync("qwen-served");

        seen.ShouldStartWith("HTTP/1.1 500 ");
        seen.ShouldContain("HTTP/1.1 200 ");
        seen.ShouldNotContain("secret");
    }
}
