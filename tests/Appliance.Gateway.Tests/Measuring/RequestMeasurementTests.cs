using System.Net;
using System.Text;
using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Measuring;

public sealed class RequestMeasurementTests : IAsyncLifetime
{
    private const string Model = "qwen--qwen3.6-35b";
    private const string Chat = "/v1/chat/completions";

    private GatewayRig _rig = null!;
    private RecordingUpstream _upstream = null!;
    private RecordedRequests _recorded = null!;

    public async Task InitializeAsync()
    {
        _rig = await GatewayRig.StartAsync();
        _upstream = _rig.Own(await RecordingUpstream.StartAsync());
        _rig.Upstreams.Add(GatewayRig.Serving(_upstream.Port, "qwen-served", Model, UpstreamTask.Chat));
        _recorded = new RecordedRequests(_rig.Meter);
    }

    public async Task DisposeAsync()
    {
        _recorded.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Answered_request_counts_its_time_and_tokens()
    {
        _upstream.Answer = Json("""{"usage":{"prompt_tokens":12,"completion_tokens":200}}""");

        var answer = await PostAsync("""{"model":"qwen-served"}""");

        answer.Headers.GetValues("x-queue-ms").ShouldBe(["0"]);
        (await EndedAsync()).ShouldBe(
            [
                $"requests_in_flight {Model} {Chat} 1",
                $"requests_in_flight {Model} {Chat} -1",
                $"request_duration {Model} {Chat}",
                $"queue_duration {Model} {Chat}",
                $"tokens_in {Model} {Chat} 12",
                $"tokens_out {Model} {Chat} 200",
                $"request_body {Model} {Chat} 23",
                $"answer {Model} {Chat} 54",
                $"requests {Model} {Chat} ok 1",
            ]);
    }

    [Fact]
    public async Task Stream_counts_its_first_token_and_the_time_between_tokens()
    {
        var seen = new TaskCompletionSource();
        _upstream.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"choices\":[{}]}\n\n");
            await context.Response.Body.FlushAsync();
            await seen.Task;
            await context.Response.WriteAsync("data: {\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":40}}\n\ndata: [DONE]\n\n");
        };

        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Chat, """{"stream":true}""");
        await client.ReadUntilAsync("choices");
        seen.SetResult();

        var lines = await EndedAsync();
        lines.ShouldContain($"time_to_first_token {Model} {Chat}");
        lines.ShouldContain($"inter_token_duration {Model} {Chat}");
        lines.ShouldContain($"tokens_per_second {Model} {Chat}");
        lines.ShouldContain($"tokens_out {Model} {Chat} 40");
    }

    [Fact]
    public async Task Name_that_a_caller_made_up_is_no_label()
    {
        await PostAsync("""{"model":"secret-project-x"}""");

        (await EndedAsync()).ShouldBe([$"request_duration none {Chat}", $"requests none {Chat} unknown_model 1"]);
    }

    [Fact]
    public async Task Path_that_a_caller_made_up_is_no_label()
    {
        await _rig.Http.GetAsync(new Uri("/v1/secret-project-x", UriKind.Relative)).DefaultTimeout();

        (await EndedAsync()).ShouldBe(["request_duration none /v1/{**rest}", "requests none /v1/{**rest} bad_request 1"]);
    }

    [Fact]
    public async Task Body_that_is_no_json_is_the_callers_fault()
    {
        await PostAsync("not json");

        (await OutcomeAsync()).ShouldBe("bad_request");
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "upstream_refused")]
    [InlineData(HttpStatusCode.InternalServerError, "upstream_failed")]
    public async Task Error_of_the_model_server_is_its_fault(HttpStatusCode status, string outcome)
    {
        _upstream.Answer = context =>
        {
            context.Response.StatusCode = (int)status;
            return context.Response.WriteAsync("""{"error":{"message":"no"}}""");
        };

        await PostAsync("{}");

        (await OutcomeAsync()).ShouldBe(outcome);
    }

    [Fact]
    public async Task Server_that_takes_no_connection_is_unreachable()
    {
        await _upstream.CloseAsync();

        await PostAsync("{}");

        (await OutcomeAsync()).ShouldBe("upstream_unreachable");
    }

    [Theory]
    [InlineData("text/event-stream", "data: {\"choices\":[{}]}\n\n")]
    [InlineData("application/json", "{\"choices\":[")]
    public async Task Answer_that_breaks_off_is_cut(string type, string beginning)
    {
        var seen = new TaskCompletionSource();
        var breaking = _rig.Own(RawUpstream.Saying(
            $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{beginning.Length:x}\r\n{beginning}\r\n", seen.Task, "5\r\nda", reset: true));
        var upstream = GatewayRig.Serving(breaking.Port, "qwen-served", Model, UpstreamTask.Chat);
        _rig.Upstreams.Answer = _ => new UpstreamMatch.Serving(upstream);
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Chat, "{}");
        await client.ReadUntilAsync(beginning);
        seen.SetResult();
        await client.ReadToEndAsync();

        (await OutcomeAsync()).ShouldBe("upstream_cut");
    }

    [Fact]
    public async Task Caller_who_leaves_is_no_fault_of_the_server()
    {
        var asked = new TaskCompletionSource();
        _upstream.Answer = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.PostAsync(Chat, "{}");
        await asked.Task.DefaultTimeout();
        client.Reset();

        (await OutcomeAsync()).ShouldBe("caller_left_waiting");
    }

    [Fact]
    public async Task Nothing_stays_in_flight()
    {
        await PostAsync("{}");
        await _upstream.CloseAsync();
        await PostAsync("{}");

        (await EndedAsync(2)).Where(line => line.StartsWith("requests_in_flight", StringComparison.Ordinal)).Sum(line => line.EndsWith("-1", StringComparison.Ordinal) ? -1 : 1).ShouldBe(0);
    }

    [Fact]
    public async Task Requests_are_listed_only_while_their_list_is_on()
    {
        _upstream.Answer = Json("""{"usage":{"prompt_tokens":12,"completion_tokens":200}}""");
        await PostAsync("""{"model":"qwen-served","messages":["never shown"]}""");
        await EndedAsync();
        _rig.Ring.Read(10).ShouldBeEmpty();

        _rig.Settings.With(MetricsSettings.RequestLog, "on");
        await PostAsync("""{"model":"qwen-served","messages":["never shown"]}""");
        await EndedAsync();

        var request = _rig.Ring.Read(10).ShouldHaveSingleItem();
        request.ShouldBe(request with { Route = Chat, Model = Model, Upstream = "main", Caller = "127.0.0.1", Status = 200, TokensIn = 12, TokensOut = 200 });
        request.ToString().ShouldNotContain("never shown");

        _rig.Settings.With(MetricsSettings.RequestLog, "off");
        _rig.Ring.Read(10).ShouldBeEmpty();
        _rig.Settings.With(MetricsSettings.RequestLog, "on");
        _rig.Ring.Read(10).ShouldBeEmpty();
    }

    private static RequestDelegate Json(string text) => context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(text);
    };

    private Task<HttpResponseMessage> PostAsync(string body)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        return _rig.Http.PostAsync(new Uri(Chat, UriKind.Relative), content).DefaultTimeout();
    }

    private async Task<string> OutcomeAsync()
    {
        var words = (await EndedAsync()).Single(line => line.StartsWith("requests ", StringComparison.Ordinal)).Split(' ');
        return words[3];
    }

    private async Task<IReadOnlyList<string>> EndedAsync(int requests = 1)
    {
        for (var request = 0; request < requests; request++)
        {
            await _recorded.WaitForEndAsync();
        }

        return _recorded.Lines;
    }
}
