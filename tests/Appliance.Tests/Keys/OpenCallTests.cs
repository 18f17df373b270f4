using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Appliance.Cluster.Keys;
using Appliance.Cluster.Swaps;
using Appliance.Demo.FakeUpstreams;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Keys;

/// <summary>A key that went astray is good for nothing from the moment in which it is revoked, also where it was let in before.</summary>
public sealed class OpenCallTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KeyedRun _appliance;

    public OpenCallTests() => _appliance = new KeyedRun
    {
        ServerBehaviour = FakeServerBehaviour.Immediate with
        {
            BeforeToken = (number, cancellationToken) => number < 2 ? Task.CompletedTask : _goOn.Task.WaitAsync(cancellationToken),
        },
    };

    private string Owner => _appliance.Keys[KeyScope.Admin].Token;

    public Task InitializeAsync() => _appliance.InitializeAsync();

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _appliance.DisposeAsync();
        _appliance.Dispose();
    }

    [Fact]
    public async Task Revoked_key_loses_its_streams_sessions_and_answers_at_once_and_nobody_else_does()
    {
        _appliance.Ask(KeyDemand.All);
        var (key, token) = await _appliance.CreateAsync("astray", KeyScope.Swap);
        var (job, other) = await QueueAsync();
        var waiting = _appliance.SendAsync("POST", "/api/swap", token, JsonContent.Create(new { model = other, queue = true, wait_seconds = 600, note = "astray" }));
        await UntilQueuedAsync(2);
        using var lost = await OpenAsync(token, job);
        using var kept = await OpenAsync(Owner, job);

        (await _appliance.SendAsync("DELETE", $"/api/keys/{key.Id}", Owner)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Should.ThrowAsync<HttpRequestException>(waiting);
        await EndsAsync(lost.Events);
        await EndsAsync(lost.Job);
        await EndsAsync(lost.Chat);
        await EndsAsync(lost.Session);

        (await ReadUntilAsync(kept.Events, "key_revoked")).ShouldBeTrue();
        (await _appliance.SendAsync("POST", $"/api/swap/{job}/cancel", Owner, JsonContent.Create(new { }))).IsSuccessStatusCode.ShouldBeTrue();
        (await ReadUntilAsync(kept.Job, "cancelled")).ShouldBeTrue();
        _goOn.SetResult();
        (await ReadUntilAsync(kept.Chat, "[DONE]")).ShouldBeTrue();
        await kept.Session.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Who_came_without_a_key_is_cut_when_keys_are_asked_for()
    {
        var (job, _) = await QueueAsync();
        using var open = await OpenAsync(null, job);
        using var page = await ConnectAsync("/_blazor", null);
        using var kept = await OpenAsync(_appliance.Keys[KeyScope.Use].Token, job);

        _appliance.Ask(KeyDemand.Changes);
        await EndsAsync(page);
        (await _appliance.CreateAsync("told", KeyScope.Use)).Key.Name.ShouldBe("told");
        (await ReadUntilAsync(open.Events, "key_created")).ShouldBeTrue("reading stays open");

        _appliance.Ask(KeyDemand.All);
        await EndsAsync(open.Events);
        await EndsAsync(open.Job);
        await EndsAsync(open.Chat);
        await EndsAsync(open.Session);
        (await ReadUntilAsync(kept.Events, "key_created")).ShouldBeTrue();
    }

    [Fact]
    public async Task First_key_that_may_do_everything_cuts_who_came_before_it_when_keys_are_already_asked_for()
    {
        await RevokeAllAsync();
        _appliance.Ask(KeyDemand.All);
        using var events = await OpenStreamAsync(HttpMethod.Get, "/api/events", null, null);

        await _appliance.CreateAsync("first", KeyScope.Admin);

        await EndsAsync(events);
    }

    [Fact]
    public async Task Call_that_changes_keys_is_answered_although_its_own_key_is_revoked_by_it()
    {
        _appliance.Ask(KeyDemand.All);
        var (key, token) = await _appliance.CreateAsync("alice", KeyScope.Admin);

        using var answer = await _appliance.SendAsync("DELETE", $"/api/keys/{key.Id}", token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldNotBeEmpty();
        (await _appliance.SendAsync("GET", "/api/status", token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>A job that waits for an hour, and a model that is neither its own nor the running one.</summary>
    private async Task<(string Job, string Other)> QueueAsync()
    {
        _appliance.Settings.With(SwapSettings.StaySeconds, "3600");
        string[] ready;
        do
        {
            ready = await FindReadyAsync();
        }
        while (ready.Length < 3);

        await SwapAsync(new { model = ready[0], wait_seconds = 60 });
        return (await SwapAsync(new { model = ready[1], queue = true }), ready[2]);
    }

    private async Task<string[]> FindReadyAsync()
    {
        using var answer = await _appliance.SendAsync("GET", "/api/models", Owner);
        var cards = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("models").EnumerateArray();
        return [.. cards.Where(card => card.GetProperty("state").GetString() == "ready").Select(card => card.GetProperty("id").GetString()!)];
    }

    private async Task<string> SwapAsync(object wish)
    {
        using var answer = await _appliance.SendAsync("POST", "/api/swap", Owner, JsonContent.Create(wish));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("job_id").GetString()!;
    }

    private async Task UntilQueuedAsync(int count)
    {
        int queued;
        do
        {
            using var answer = await _appliance.SendAsync("GET", "/api/swap", Owner);
            queued = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("queue").GetArrayLength();
        }
        while (queued < count);
    }

    private async Task RevokeAllAsync()
    {
        foreach (var (key, _) in _appliance.Keys.Values)
        {
            (await _appliance.SendAsync("DELETE", $"/api/keys/{key.Id}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task<Calls> OpenAsync(string? token, string job) => new(
        await OpenStreamAsync(HttpMethod.Get, "/api/events", token, null),
        await OpenStreamAsync(HttpMethod.Get, $"/api/swap/{job}/events", token, null),
        await OpenStreamAsync(HttpMethod.Post, "/v1/chat/completions", token, new { model = "default", stream = true, messages = new[] { new { role = "user", content = "Hello" } } }),
        await ConnectAsync("/v1/realtime?model=default", token));

    private async Task<StreamReader> OpenStreamAsync(HttpMethod method, string path, string? token, object? body)
    {
        var answer = await _appliance.SendAsync(method.Method, path, token, body is null ? null : JsonContent.Create(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync().DefaultTimeout()).ShouldNotBeNull();
        return reader;
    }

    private async Task<ClientWebSocket> ConnectAsync(string path, string? token)
    {
        var socket = new ClientWebSocket();
        if (token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        await socket.ConnectAsync(new Uri($"ws://{_appliance.Address.Authority}{path}"), CancellationToken.None).DefaultTimeout();
        return socket;
    }

    private static Task EndsAsync(StreamReader stream) => Should.ThrowAsync<IOException>(async () =>
    {
        while (await stream.ReadLineAsync().DefaultTimeout() is not null)
        {
        }
    });

    private static Task EndsAsync(ClientWebSocket socket) => Should.ThrowAsync<WebSocketException>(async () =>
    {
        while ((await socket.ReceiveAsync(new byte[4096], CancellationToken.None).DefaultTimeout()).MessageType != WebSocketMessageType.Close)
        {
        }
    });

    private static async Task<bool> ReadUntilAsync(StreamReader stream, string wanted)
    {
        while (await stream.ReadLineAsync().DefaultTimeout() is { } line)
        {
            if (line.Contains(wanted, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Calls(StreamReader Events, StreamReader Job, StreamReader Chat, ClientWebSocket Session) : IDisposable
    {
        public void Dispose()
        {
            Events.Dispose();
            Job.Dispose();
            Chat.Dispose();
            Session.Dispose();
        }
    }
}
