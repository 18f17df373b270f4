using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Time;
using Appliance.TestKit.Webhooks;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>A whole appliance whose messages go to a real receiver.</summary>
public sealed class WebhookApiTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private HookReceiver _receiver = null!;
    private ApplianceRun _appliance = null!;

    public async Task InitializeAsync()
    {
        _receiver = await HookReceiver.StartAsync();
        _appliance = new ApplianceRun
        {
            ReadEnvironment = key => key switch
            {
                "SWAP_WEBHOOK_URL" => _receiver.Address.AbsoluteUri,
                "SWAP_WEBHOOK_SECRET" => Secret,
                _ => null,
            },
        };
        await _appliance.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _appliance.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Stop_is_told_and_listed_and_the_secret_is_nowhere()
    {
        using var stop = await _appliance.Client.PostAsJsonAsync("/api/stop", new { });
        while (stop.StatusCode != HttpStatusCode.Accepted)
        {
            // The first look at the machines is not over: there is nothing to stop yet.
            await Task.Yield();
            using var again = await _appliance.Client.PostAsJsonAsync("/api/stop", new { });
            if (again.StatusCode == HttpStatusCode.Accepted)
            {
                break;
            }
        }

        var hook = await _receiver.NextAsync();
        var state = await WhenAsync(webhooks => webhooks.GetProperty("pending").GetInt32() == 0);

        hook.Json.GetProperty("event").GetString().ShouldBe("swap_complete");
        hook.Json.GetProperty("model").ValueKind.ShouldBe(JsonValueKind.Null);
        hook.Headers["webhook-signature"].ShouldStartWith("v1,");
        state.GetProperty("configured").GetBoolean().ShouldBeTrue();
        state.GetProperty("signed").GetBoolean().ShouldBeTrue();
        state.GetProperty("receiver").GetString().ShouldBe(_receiver.Address.GetLeftPart(UriPartial.Authority));
        var delivery = state.GetProperty("deliveries")[0];
        delivery.GetProperty("id").GetString().ShouldBe(hook.Id);
        delivery.GetProperty("state").GetString().ShouldBe("delivered");
        delivery.GetProperty("last_status").GetInt32().ShouldBe(200);
        delivery.TryGetProperty("next_attempt_at", out _).ShouldBeFalse();
        (state.GetRawText() + _appliance.ReadLog()).ShouldNotContain(Secret["whsec_".Length..]);
        state.GetRawText().ShouldNotContain("Alice");
    }

    [Fact]
    public async Task Test_message_tells_what_the_receiver_said_and_a_failed_one_can_be_sent_again()
    {
        _receiver.Answer(HookReceiver.Status(500));

        var failed = await (await PostAsync("/api/webhooks/test")).Content.ReadFromJsonAsync<JsonElement>();
        failed.GetProperty("state").GetString().ShouldBe("dead");
        failed.GetProperty("last_error").GetString().ShouldBe("The receiver answered with status 500.");

        using var retried = await PostAsync($"/api/webhooks/{failed.GetProperty("id").GetString()}/retry");
        retried.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await WhenAsync(webhooks => webhooks.GetProperty("deliveries")[0].GetProperty("state").GetString() == "delivered");
        using var again = await PostAsync($"/api/webhooks/{failed.GetProperty("id").GetString()}/retry");
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await CodeAsync(again)).ShouldBe("already_delivered");
    }

    [Theory]
    [InlineData("msg-nobody")]
    [InlineData("No%20Slug")]
    public async Task Unknown_message_is_not_found(string id)
    {
        using var answer = await PostAsync($"/api/webhooks/{id}/retry");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await CodeAsync(answer)).ShouldBe("unknown_webhook");
    }

    [Fact]
    public void Appliance_knows_its_own_address()
    {
        var bounds = _appliance.Get<WebhookBounds>();

        bounds.IsOurselves(new IPEndPoint(IPAddress.Loopback, _appliance.Address.Port)).ShouldBeTrue();
        bounds.IsOurselves(new IPEndPoint(IPAddress.Loopback, _receiver.Address.Port)).ShouldBeFalse();
        bounds.IsOurselves(new IPEndPoint(IPAddress.Parse("192.0.2.1"), _appliance.Address.Port)).ShouldBeFalse();
    }

    private Task<HttpResponseMessage> PostAsync(string path) => _appliance.Client.PostAsync(new Uri(path, UriKind.Relative), null);

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private Task<JsonElement> WhenAsync(Func<JsonElement, bool> holds)
    {
        return ReadAsync().DefaultTimeout();

        async Task<JsonElement> ReadAsync()
        {
            while (true)
            {
                var webhooks = await _appliance.Client.GetFromJsonAsync<JsonElement>("/api/webhooks");
                if (holds(webhooks))
                {
                    return webhooks;
                }
            }
        }
    }
}
