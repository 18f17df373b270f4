using System.Net.Http.Json;
using System.Text.Json;
using Appliance.TestKit.Time;

namespace Appliance.Tests.Reservations;

/// <summary>One program that uses the lock over its own connections, and writes down what it asked and what it was told.</summary>
internal sealed class LockClient(int number, int seed, LockHistory history, Func<Task<HttpClient>> whenUp, double shareOfImpatience)
{
    private static readonly double[] Ttls = [1, 2, 5, 30];
    private readonly Random _random = new(seed);
    private int _attempt;

    public async Task LiveAsync(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var http = await whenUp().DefaultTimeout();
            await (_random.Next(12) switch
            {
                0 or 1 or 2 => AcquireAsync(http),
                3 or 4 => ExtendAsync(http),
                5 or 6 => ReleaseAsync(http),
                7 when _random.Next(3) == 0 => ForceAsync(http),
                8 or 9 => SwapAsync(http),
                _ => GetAsync(http, isExact: true),
            });
        }
    }

    public async Task GetAsync(HttpClient http, bool isExact)
    {
        var call = LockHistory.Now();
        if (await SendAsync(http, HttpMethod.Get, null, null) is not ({ } answer, 200))
        {
            // A look whose answer was lost says nothing about anything.
            return;
        }

        if (Read(answer) is ({ } by, var epoch, var left))
        {
            history.See($"{number} sees {by} {epoch}, {left} s", call, now => LockModel.SeenHeld(now, by, epoch, isExact ? left : null));
        }
        else
        {
            history.See($"{number} sees free", call, LockModel.SeenFree);
        }
    }

    private async Task AcquireAsync(HttpClient http)
    {
        var (holder, ttl, asked, call) = ($"c{number}-{++_attempt}", Ttls[_random.Next(Ttls.Length)], history.Moment, LockHistory.Now());
        var (answer, status) = await SendAsync(http, HttpMethod.Post, new { holder, ttl_seconds = ttl }, null);
        switch (status, Code(answer))
        {
            case (200, _):
                var epoch = answer!.Value.GetProperty("epoch").GetInt64();
                history.Add($"{holder} gets {epoch} for {ttl} s", call, now => LockModel.Granted(now, holder, epoch, ttl, history.Since(asked)));
                history.Learn(holder, epoch, answer.Value.GetProperty("token").GetString()!);
                break;
            case (409, "lock_held"):
                var (by, other, _) = Read(answer!.Value.GetProperty("lock"));
                history.See($"{holder} is refused, {by} {other} holds", call, now => LockModel.RefusedAsHeld(now, holder, null, by!, other));
                break;
            case (409, "lock_settling"):
                history.See($"{holder} is refused, settling", call, LockModel.RefusedAsSettling);
                break;
            case (Unknown, _):
                history.AddUnknown($"{holder} wants it for {ttl} s", call, now => LockModel.PerhapsGranted(now, holder, ttl, history.Since(asked)));
                break;
            case (NotSent, _):
                break;
            default:
                throw new InvalidOperationException($"{status} {answer}");
        }
    }

    private async Task ExtendAsync(HttpClient http)
    {
        if (FindToken() is not ({ } holder, var epoch, var token))
        {
            return;
        }

        var (ttl, asked, call) = (Ttls[_random.Next(Ttls.Length)], history.Moment, LockHistory.Now());
        var (answer, status) = await SendAsync(http, HttpMethod.Post, new { holder, ttl_seconds = ttl, token }, null);
        switch (status, Code(answer))
        {
            case (200, _):
                history.Add($"{holder} extends {epoch} to {ttl} s", call, now => LockModel.Extended(now, holder, epoch, ttl, history.Since(asked)));
                break;
            case (409, "lock_held"):
                var (by, other, _) = Read(answer!.Value.GetProperty("lock"));
                history.See($"{holder} extends {epoch}, refused, {by} {other} holds", call, now => LockModel.RefusedAsHeld(now, holder, epoch, by!, other));
                break;
            case (409, "lock_lost"):
                history.See($"{holder} extends {epoch}, lost", call, LockModel.Lost);
                break;
            case (Unknown, _):
                history.AddUnknown($"{holder} extends {epoch} to {ttl} s", call, now => LockModel.PerhapsExtended(now, holder, epoch, ttl, history.Since(asked)));
                break;
            case (NotSent, _):
                break;
            default:
                throw new InvalidOperationException($"{status} {answer}");
        }
    }

    private async Task ReleaseAsync(HttpClient http)
    {
        var (_, epoch, token) = _random.Next(8) == 0 || FindToken() is not { } known ? ("", LockModel.Guess, "guess") : known;
        var call = LockHistory.Now();
        var (answer, status) = await SendAsync(http, HttpMethod.Delete, null, token);
        switch (status)
        {
            case 200:
                var (by, other, _) = Read(answer!.Value);
                history.Add($"{number} releases {epoch}, now {by ?? "free"}", call, now => LockModel.Released(now, epoch, by, other));
                break;
            case 403:
                history.See($"{number} may not release {epoch}", call, now => LockModel.ReleaseForbidden(now, epoch));
                break;
            case Unknown:
                history.AddUnknown($"{number} releases {epoch}", call, now => LockModel.PerhapsReleased(now, epoch));
                break;
            case NotSent:
                break;
            default:
                throw new InvalidOperationException($"{status} {answer}");
        }
    }

    private async Task ForceAsync(HttpClient http)
    {
        var call = LockHistory.Now();
        switch (await SendAsync(http, HttpMethod.Delete, null, null, "?force=true"))
        {
            case (_, 200):
                history.Add($"{number} forces", call, LockModel.Forced);
                break;
            case (_, Unknown):
                history.AddUnknown($"{number} forces", call, LockModel.Forced);
                break;
            case (_, NotSent):
                break;
            case var (answer, status):
                throw new InvalidOperationException($"{status} {answer}");
        }
    }

    /// <summary>Whether it would be let past: the model does not exist, so nothing begins.</summary>
    private async Task SwapAsync(HttpClient http)
    {
        var known = _random.Next(2) == 0 ? null : FindToken();
        var (epoch, token) = (known?.Epoch ?? 0, known?.Token);
        var call = LockHistory.Now();
        var (answer, status) = await SendAsync(http, HttpMethod.Post, new { model = "unknown" }, token, path: "/api/swap");
        switch (status)
        {
            case 404:
                history.See($"{number} may swap with {epoch}", call, now => LockModel.LetPast(now, token is null ? null : epoch));
                break;
            case 423:
                var (by, other, _) = Read(answer!.Value.GetProperty("lock"));
                history.See($"{number} may not swap, {by} {other} holds", call, now => LockModel.Locked(now, by!, other));
                break;
            case 403:
                history.See($"{number} may not swap with {epoch}", call, now => LockModel.WrongToken(now, epoch));
                break;
            case Unknown or NotSent:
                break;
            default:
                throw new InvalidOperationException($"{status} {answer}");
        }
    }

    private const int Unknown = -1;
    private const int NotSent = -2;

    private async Task<(JsonElement? Answer, int Status)> SendAsync(
        HttpClient http, HttpMethod method, object? body, string? token, string query = "", string path = "/api/swap/lock")
    {
        using var request = new HttpRequestMessage(method, path + query) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Add("X-Swap-Token", token);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        if (_random.NextDouble() < shareOfImpatience)
        {
            patience.CancelAfter(TimeSpan.FromMilliseconds(_random.Next(1, 6)));
        }

        try
        {
            using var answer = await http.SendAsync(request, patience.Token);
            var text = await answer.Content.ReadAsStringAsync(patience.Token);
            return (JsonDocument.Parse(text).RootElement.Clone(), (int)answer.StatusCode);
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return (null, NotSent);
        }
        catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException or JsonException)
        {
            return (null, Unknown);
        }
    }

    private (string Holder, long Epoch, string Token)? FindToken()
    {
        var known = history.Tokens;
        return known.Count == 0 ? null : known[^Math.Min(known.Count, _random.Next(1, 4))];
    }

    private static string Code(JsonElement? answer) => answer is { } body && body.TryGetProperty("code", out var code) ? code.GetString()! : "";

    private static (string? By, long Epoch, long Left) Read(JsonElement wire) => wire.GetProperty("held").GetBoolean()
        ? (wire.GetProperty("holder").GetString(), wire.GetProperty("epoch").GetInt64(), wire.GetProperty("seconds_remaining").GetInt64())
        : (null, 0, 0);
}
