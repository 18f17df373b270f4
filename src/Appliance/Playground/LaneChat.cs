using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;

namespace Appliance.Playground;

/// <summary>Talks to the model of a lane, streaming. Never throws for what a server does; content is never logged.</summary>
internal sealed partial class LaneChat(HttpClient http, IUpstreams upstreams, TimeProvider time, ILogger<LaneChat> logger)
{
    /// <summary>How long a server may say nothing: a long prompt on a busy Spark takes a minute to read.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    // A small model can fall into a loop; nobody reads more than this here.
    private const int MostCharacters = 200_000;

    public async IAsyncEnumerable<ChatPiece> AskAsync(
        LaneId lane, ImmutableArray<ChatTurn> conversation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (upstreams.All.FirstOrDefault(one => one.Task == UpstreamTask.Chat && one.Id == lane.Value) is not { } upstream
            || upstream.Availability != UpstreamAvailability.Serving)
        {
            yield return new ChatPiece.Failed("No model is answering right now. What you wrote is kept; try again when one does.");
            yield break;
        }

        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        var pieces = ReadAsync(upstream, conversation, silence, either.Token).GetAsyncEnumerator(either.Token);
        await using (pieces)
        {
            while (true)
            {
                var (piece, trouble) = await NextAsync(pieces, upstream.Id, cancellationToken);
                if (piece is not null)
                {
                    yield return piece;
                }

                if (trouble is not null)
                {
                    yield return new ChatPiece.Failed(trouble);
                }

                if (piece is null or ChatPiece.Failed)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>The next piece, or null at the end; a broken connection becomes a sentence.</summary>
    private async Task<(ChatPiece? Piece, string? Trouble)> NextAsync(
        IAsyncEnumerator<ChatPiece> pieces, string upstream, CancellationToken cancellationToken)
    {
        try
        {
            return (await pieces.MoveNextAsync() ? pieces.Current : null, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(upstream, Silence.TotalSeconds);
            return (null, "The model said nothing for two minutes, so the question was given up. It may be stuck; the home page shows how it is.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or FormatException)
        {
            LogBroken(exception, upstream);
            return (null, "The connection to the model broke. The home page shows how it is.");
        }
    }

    private async IAsyncEnumerable<ChatPiece> ReadAsync(
        Upstream upstream, ImmutableArray<ChatTurn> conversation, CancellationTokenSource silence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream.Address, "v1/chat/completions"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Content = JsonContent.Create(Compose(upstream, conversation), ChatJson.Default.ChatRequestJson);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            LogRefused(upstream.Id, (int)response.StatusCode);
            yield return new ChatPiece.Failed(Explain((int)response.StatusCode));
            yield break;
        }

        var left = MostCharacters;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            silence.CancelAfter(Silence);
            if (item.Data == "[DONE]")
            {
                yield break;
            }

            foreach (var piece in Parse(item.Data))
            {
                left -= piece is ChatPiece.Words words ? words.Text.Length : ((piece as ChatPiece.Thought)?.Text.Length ?? 0);
                yield return left < 0 ? new ChatPiece.Failed("The answer became too long for this page and was stopped.") : piece;
                if (left < 0)
                {
                    yield break;
                }
            }
        }
    }

    private static ChatRequestJson Compose(Upstream upstream, ImmutableArray<ChatTurn> conversation) => new(
        upstream.ServedName,
        Stream: true,
        [.. conversation.Where(turn => turn.Text.Length > 0).Select(turn => new ChatRequestJson.Message(turn.IsByPerson ? "user" : "assistant", turn.Text))]);

    /// <summary>vLLM names the thinking <c>reasoning</c>, before 0.12 <c>reasoning_content</c>.</summary>
    private static IEnumerable<ChatPiece> Parse(string data)
    {
        using var document = JsonDocument.Parse(data);
        if (TryFind(document.RootElement, "error", JsonValueKind.Object, out _))
        {
            yield return new ChatPiece.Failed("The model broke off with an error. The home page shows how it is.");
            yield break;
        }

        if (!TryFind(document.RootElement, "choices", JsonValueKind.Array, out var choices) || choices.GetArrayLength() == 0
            || !TryFind(choices[0], "delta", JsonValueKind.Object, out var delta))
        {
            yield break;
        }

        if ((Text(delta, "reasoning") ?? Text(delta, "reasoning_content")) is { } thought)
        {
            yield return new ChatPiece.Thought(thought);
        }

        if (Text(delta, "content") is { } words)
        {
            yield return new ChatPiece.Words(words);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        TryFind(element, name, JsonValueKind.String, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    private static bool TryFind(JsonElement element, string name, JsonValueKind kind, [MaybeNullWhen(false)] out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    private static string Explain(int status) => status switch
    {
        400 or 413 or 422 => "The model could not take this conversation; it may have become too long. Start a new one.",
        404 => "The model there has just changed. Try again.",
        429 => "The model has too much to do right now. Try again in a moment.",
        _ => $"The model answered with an error ({status}). The home page shows how it is.",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "The page's question to {Upstream} was refused with {Status}")]
    private partial void LogRefused(string upstream, int status);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Upstream} said nothing for {Seconds} s; the page's question was given up")]
    private partial void LogSilent(string upstream, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The page's question to {Upstream} broke off")]
    private partial void LogBroken(Exception exception, string upstream);
}
