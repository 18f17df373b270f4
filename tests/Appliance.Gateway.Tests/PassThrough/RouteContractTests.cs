using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Exchanges;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.Holding;
using Appliance.Gateway.PassThrough;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.PassThrough;

/// <summary>What every forwarded path promises, run on every row of the table.</summary>
public sealed class RouteContractTests : IAsyncLifetime
{
    private GatewayRig _rig = null!;
    private RecordingUpstream _upstream = null!;

    public static TheoryData<string> Rows => [.. PassThroughTable.Routes.Select(route => route.Name)];

    public static TheoryData<string> JsonRows => [.. PassThroughTable.Routes.Where(route => route.ModelName == ModelNamePlace.JsonBody).Select(route => route.Name)];

    public static TheoryData<string> ForwardedJsonRows =>
        [.. PassThroughTable.Routes.Where(route => route is { ModelName: ModelNamePlace.JsonBody, Exchange: RouteExchange.Forward }).Select(route => route.Name)];

    public static TheoryData<string> FormRows => [.. PassThroughTable.Routes.Where(route => route.ModelName == ModelNamePlace.Form).Select(route => route.Name)];

    public static TheoryData<string> BodyRows => [.. PassThroughTable.Routes.Where(route => route.ContentType is not null).Select(route => route.Name)];

    public async Task InitializeAsync()
    {
        _rig = await GatewayRig.StartAsync();
        _upstream = _rig.Own(await RecordingUpstream.StartAsync());
        _upstream.Answer = context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("rerank", StringComparison.Ordinal) ? """[{"index":0,"score":0.5}]""" : "{}");
        };
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [MemberData(nameof(ForwardedJsonRows))]
    public async Task Request_goes_to_the_same_path_with_only_the_name_changed(string row)
    {
        Serve(row);
        var body = """{ "model":"Qwen/Qwen3.6-35B", "unknown_field":{"a":[1.50,1e3,"\u00e9\/"]},"top_k":  20 }""";

        var answer = await SendAsync(RowRequest.Json(Route(row), body));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldBe("{}");
        var received = _upstream.Requests.ShouldHaveSingleItem();
        received.Method.ShouldBe(Route(row).Method);
        received.Target.ShouldBe(Route(row).Path);
        Encoding.UTF8.GetString(received.Body).ShouldBe(body.Replace("\"Qwen/Qwen3.6-35B\"", "\"qwen-served\"", StringComparison.Ordinal));
        received.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        _rig.Traffic.InFlight("main").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(FormRows))]
    public async Task Form_goes_to_the_same_path_with_only_the_name_changed(string row)
    {
        Serve(row);

        var answer = await SendAsync(RowRequest.To(Route(row), "Qwen/Qwen3.6-35B"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var received = _upstream.Requests.ShouldHaveSingleItem();
        received.Target.ShouldBe(Route(row).Path);
        received.Body.ShouldBe(RowRequest.Form("qwen-served", "RIFF"u8));
        received.Headers["Content-Length"].ShouldBe($"{received.Body.Length}");
        received.Headers["Content-Type"].ShouldBe(RowRequest.ContentTypeOf(Route(row)));
    }

    [Fact]
    public async Task Query_is_passed_on_by_name_and_with_the_servers_own_name_of_the_model()
    {
        Serve("ListVoices");

        await _rig.Http.GetAsync("/v1/audio/voices?legacy=true&model=default&api_key=secret&x=../..&model_id=a%26b%23").DefaultTimeout();

        var received = _upstream.Requests.ShouldHaveSingleItem();
        received.Target.ShouldBe("/v1/audio/voices?legacy=true&model=qwen-served&model_id=a%26b%23");
        received.Body.ShouldBeEmpty();
        received.Headers.ShouldNotContainKey("Content-Length");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Answer_says_who_gave_it_and_under_which_id(string row)
    {
        Serve(row);

        var given = await SendAsync(RowRequest.To(Route(row)), ("x-request-id", "my-id.1"));
        var minted = await SendAsync(RowRequest.To(Route(row)), ("x-request-id", "not one word"));

        given.Headers.GetValues("x-request-id").ShouldBe(["my-id.1"]);
        given.Headers.GetValues("x-served-by").ShouldBe(["qwen--qwen3.6-35b"]);
        var id = minted.Headers.GetValues("x-request-id").ShouldHaveSingleItem();
        id.ShouldMatch("^req_[0-9a-f]{32}$");
        _upstream.Requests.Select(request => request.Headers["x-request-id"]).ShouldBe(["my-id.1", id]);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Unknown_model_is_404_and_lists_what_there_is(string row)
    {
        Serve(row);

        var error = await ErrorAsync(await SendAsync(RowRequest.To(Route(row), "gpt-4o")), HttpStatusCode.NotFound);

        error.GetProperty("code").GetString().ShouldBe("model_not_found");
        error.GetProperty("message").GetString().ShouldBe("The model 'gpt-4o' does not exist here. What answers now: qwen--qwen3.6-35b.");
        _upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Model_for_something_else_is_404_and_says_what_it_is_for(string row)
    {
        _rig.Upstreams.Answer = _ => new UpstreamMatch.Unknown(["qwen--qwen3.6-35b"]) { MeantFor = UpstreamTask.Transcription };

        var error = await ErrorAsync(await SendAsync(RowRequest.To(Route(row), "ears")), HttpStatusCode.NotFound);

        error.GetProperty("code").GetString().ShouldBe("model_not_found");
        error.GetProperty("message").GetString().ShouldBe(
            "The model 'ears' is here, but it is for speech to text and cannot answer this kind of request. What answers now: qwen--qwen3.6-35b.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Loading_model_is_503_with_progress_and_when_to_come_back(string row)
    {
        var upstream = Serve(row) with { Availability = UpstreamAvailability.Loading, Reason = "Qwen3.6 35B is being loaded.", Progress = 62.5, Eta = TimeSpan.FromSeconds(40.2) };
        _rig.Upstreams.Answer = _ => new UpstreamMatch.Loading(upstream);
        _rig.Settings.With(HoldSettings.Seconds, "0");

        var answer = await SendAsync(RowRequest.To(Route(row)));

        var error = await ErrorAsync(answer, HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(41));
        error.GetProperty("code").GetString().ShouldBe("model_loading");
        error.GetProperty("state").GetString().ShouldBe("loading");
        error.GetProperty("progress").GetDouble().ShouldBe(62.5);
        error.GetProperty("eta_seconds").GetInt32().ShouldBe(41);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Load_without_history_promises_no_time(string row)
    {
        var upstream = Serve(row) with { Availability = UpstreamAvailability.Loading };
        _rig.Upstreams.Answer = _ => new UpstreamMatch.Loading(upstream);
        _rig.Settings.With(HoldSettings.Seconds, "0");

        var answer = await SendAsync(RowRequest.To(Route(row)));

        (await ErrorAsync(answer, HttpStatusCode.ServiceUnavailable)).TryGetProperty("eta_seconds", out _).ShouldBeFalse();
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Unavailable_model_is_503_with_the_reason(string row)
    {
        _rig.Upstreams.Answer = _ => new UpstreamMatch.Unavailable("Gemma is not loaded. Loaded now: Qwen.");

        var answer = await SendAsync(RowRequest.To(Route(row)));

        var error = await ErrorAsync(answer, HttpStatusCode.ServiceUnavailable);
        error.GetProperty("code").GetString().ShouldBe("model_unavailable");
        error.GetProperty("message").GetString().ShouldBe("Gemma is not loaded. Loaded now: Qwen.");
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Server_that_is_gone_is_503_at_once(string row)
    {
        Serve(row);
        await _upstream.CloseAsync();

        var error = await ErrorAsync(await SendAsync(RowRequest.To(Route(row))), HttpStatusCode.ServiceUnavailable);

        error.GetProperty("code").GetString().ShouldBe("model_unavailable");
        error.GetProperty("message").GetString()!.ShouldContain("does not accept connections");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Caller_who_leaves_before_the_answer_ends_the_work_upstream(string row)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(async socket =>
        {
            asked.SetResult();
            (await socket.ReceiveAsync(new byte[1])).ShouldBe(0);
            gone.SetResult();
        });
        _rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "qwen-served", "qwen--qwen3.6-35b", Route(row).Task));
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.SendAsync(RowRequest.Raw(Route(row)));
        await asked.Task.DefaultTimeout();

        client.Reset();

        await gone.Task.DefaultTimeout();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Model_that_starts_to_drain_between_two_looks_gets_no_request(string row)
    {
        var upstream = Serve(row);
        var looks = 0;
        _rig.Upstreams.Answer = _ => ++looks == 1 ? new UpstreamMatch.Serving(upstream) : new UpstreamMatch.Unavailable("Being stopped.");

        await ErrorAsync(await SendAsync(RowRequest.To(Route(row))), HttpStatusCode.ServiceUnavailable);

        _upstream.Requests.ShouldBeEmpty();
        _rig.Traffic.InFlight("main").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Status_of_the_upstream_survives_and_its_error_is_put_in_shape(string row)
    {
        Serve(row);
        _upstream.Answer = async context =>
        {
            context.Response.StatusCode = 418;
            await context.Response.WriteAsync("""{"error":{"message":"too hot","type":"BadRequestError","param":"messages","code":418}}""");
        };

        var answer = await SendAsync(RowRequest.To(Route(row)));

        answer.StatusCode.ShouldBe((HttpStatusCode)418);
        var isAnthropic = Route(row).Errors == ErrorDialect.Anthropic;
        (await answer.Content.ReadAsStringAsync().DefaultTimeout())
            .ShouldBe($$"""{{{(isAnthropic ? "\"type\":\"error\"," : "")}}"error":{"message":"too hot","type":"invalid_request_error","param":"messages","code":null},"src":"upstream"}""");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Redirect_is_neither_followed_nor_passed_on(string row)
    {
        Serve(row);
        _upstream.Answer = context =>
        {
            context.Response.Redirect("http://192.0.2.1/evil");
            return Task.CompletedTask;
        };

        var answer = await SendAsync(RowRequest.To(Route(row)));

        await ErrorAsync(answer, HttpStatusCode.BadGateway);
        answer.Headers.Location.ShouldBeNull();
        _upstream.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(JsonRows))]
    public async Task Bad_json_is_refused_before_any_server_sees_it(string row)
    {
        Serve(row);
        (await ErrorAsync(await SendAsync(RowRequest.Json(Route(row), "{\"model\":")), HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_json");
        (await ErrorAsync(await SendAsync(RowRequest.Json(Route(row), """{"messages":[{"content":[{"image_url":{"url":"http://192.0.2.1"}}]}]}""")), HttpStatusCode.BadRequest))
            .GetProperty("param").GetString().ShouldBe("image_url");

        _upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(BodyRows))]
    public async Task Wrong_wrapping_is_415_before_any_server_sees_it(string row)
    {
        Serve(row);
        await ErrorAsync(await SendAsync(RowRequest.To(Route(row)), ("Content-Encoding", "gzip")), HttpStatusCode.UnsupportedMediaType);
        foreach (var type in (string[])["text/plain", Route(row).ModelName == ModelNamePlace.Form ? "application/json" : "multipart/form-data; boundary=x", "multipart/form-data", "not a type"])
        {
            var request = RowRequest.To(Route(row));
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            var error = await ErrorAsync(await SendAsync(request), HttpStatusCode.UnsupportedMediaType);
            error.GetProperty("message").GetString()!.ShouldContain(Route(row).ContentType!);
        }

        _upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(BodyRows))]
    public async Task T20_Too_large_is_413_announced_or_not(string row)
    {
        Serve(row);
        _rig.Settings.With(GatewaySettings.AudioLimit, "1");
        var limit = Route(row).FindBodyLimit(_rig.Settings);
        using (var client = await RawClient.ConnectAsync(_rig.Address))
        {
            await client.SendAsync($"POST {Route(row).Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: {RowRequest.ContentTypeOf(Route(row))}\r\nContent-Length: {limit + 1}\r\n\r\n");
            (await client.ReadUntilAsync("request_too_large")).ShouldStartWith("HTTP/1.1 413 ");
        }

        using (var client = await RawClient.ConnectAsync(_rig.Address))
        {
            await client.SendAsync($"POST {Route(row).Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: {RowRequest.ContentTypeOf(Route(row))}\r\nTransfer-Encoding: chunked\r\n\r\n");
            (await client.SendEndlessAsync(BeginningOf(Route(row)), limit + 1_000_000, "request_too_large")).ShouldStartWith("HTTP/1.1 413 ");
        }

        _upstream.Requests.ShouldBeEmpty();
        _rig.Traffic.InFlight("main").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(BodyRows))]
    public async Task Body_in_broken_chunks_is_400_and_no_whole_request_upstream(string row)
    {
        Serve(row);
        foreach (var chunks in (string[])["zz\r\n{}\r\n", "-1\r\n", "5\r\n{\"x\":extra\r\n0\r\n\r\n", "ffffffffffffffffff\r\n"])
        {
            using var client = await RawClient.ConnectAsync(_rig.Address);
            await client.SendAsync($"POST {Route(row).Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: {RowRequest.ContentTypeOf(Route(row))}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
            var answer = await client.ReadUntilAsync("\"src\":\"appliance\"");
            answer.ShouldStartWith("HTTP/1.1 400 ", customMessage: chunks);
        }

        _upstream.Requests.ShouldBeEmpty();
        _rig.Traffic.InFlight("main").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(BodyRows))]
    public async Task Caller_who_falls_silent_for_good_in_the_middle_of_its_body_leaves_nothing_behind(string row)
    {
        Serve(row);
        using var client = await RawClient.ConnectAsync(_rig.Address);
        await client.SendAsync($"POST {Route(row).Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: {RowRequest.ContentTypeOf(Route(row))}\r\nContent-Length: 1000\r\n\r\n{BeginningOf(Route(row))}");

        client.StopSending();

        (await client.ReadToEndAsync()).ShouldNotContain(" 200 ");
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        _upstream.Requests.ShouldBeEmpty();
    }

    private static string BeginningOf(PassThroughRoute route) =>
        route.ModelName == ModelNamePlace.Form ? $"--{RowRequest.Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" : "{\"x\":\"";

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Wrong_method_is_405_in_the_dialect(string row)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Route(row).Path);

        var answer = await _rig.Http.SendAsync(request).DefaultTimeout();

        await ErrorAsync(answer, HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe([Route(row).Method]);
    }

    private static PassThroughRoute Route(string row) => PassThroughTable.Routes.Single(route => route.Name == row);

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        answer.Headers.Contains("x-request-id").ShouldBeTrue();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout();
        body.GetProperty("src").GetString().ShouldBe("appliance");
        body.TryGetProperty("type", out _).ShouldBe(answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/v1/messages", StringComparison.Ordinal));
        var error = body.GetProperty("error");
        foreach (var key in (string[])["message", "type", "param", "code"])
        {
            error.TryGetProperty(key, out _).ShouldBeTrue(key);
        }

        return error;
    }

    private Upstream Serve(string row)
    {
        var upstream = GatewayRig.Serving(_upstream.Port, "qwen-served", "qwen--qwen3.6-35b", Route(row).Task);
        _rig.Upstreams.Add(upstream);
        return upstream;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, (string Name, string Value)? header = null)
    {
        using (request)
        {
            if (header is { } extra && !request.Headers.TryAddWithoutValidation(extra.Name, extra.Value))
            {
                request.Content!.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
            }

            return await _rig.Http.SendAsync(request).DefaultTimeout();
        }
    }
}
