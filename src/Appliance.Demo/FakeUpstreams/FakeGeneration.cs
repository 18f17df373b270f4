using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>One answer under way: its pace, its counters and its end, whichever way it ends.</summary>
internal sealed class FakeGeneration(FakeRequest request, FakeAnswer answer, FakeCounters counters, Func<FakeServerBehaviour> behaviour, TimeProvider time)
{
    private readonly int _promptTokens = Math.Max(1, FakeTokenizer.Count(request.Prompt));
    private int _made;
    private string _end = "error";

    public string FinishReason => answer.FinishReason;

    public int PromptTokens => _promptTokens;

    /// <summary>Tokens so far.</summary>
    public int Made => _made;

    /// <summary>The tokens at their pace. Leaving the loop early counts as aborted by the client.</summary>
    public async IAsyncEnumerable<FakePiece> ReadAsync(HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        counters.GenerationStarted(_promptTokens);
        try
        {
            foreach (var piece in answer.Pieces)
            {
                var before = time.GetTimestamp();
                await WaitForTurnAsync(context, cancellationToken);
                _made++;
                counters.TokenMade(time.GetElapsedTime(before), _made == 1);
                yield return piece;
            }

            _end = answer.FinishReason == "tool_calls" ? "stop" : answer.FinishReason;
        }
        finally
        {
            if (_end == "error" && context.RequestAborted.IsCancellationRequested && behaviour().CutAfterTokens != _made)
            {
                _end = "abort";
            }

            counters.GenerationEnded(_end, time.GetElapsedTime(started));
        }
    }

    public JsonObject Usage() => new()
    {
        ["prompt_tokens"] = _promptTokens,
        ["total_tokens"] = _promptTokens + _made,
        ["completion_tokens"] = _made,
        ["prompt_tokens_details"] = null,
    };

    private async Task WaitForTurnAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (behaviour().BeforeToken is { } step)
        {
            await step(_made, cancellationToken);
        }

        if (behaviour().Wedged)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        var wait = _made == 0 ? behaviour().TimeToFirstToken : behaviour().TokenInterval;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (behaviour().CutAfterTokens == _made)
        {
            context.Abort();
            throw new OperationCanceledException("The stand-in was told to cut this answer.");
        }
    }
}
