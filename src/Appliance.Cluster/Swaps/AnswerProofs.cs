using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Nobody is told that a model runs already because it was seen running some seconds ago: it has to generate a token first. Asks at most one question per lane
/// at a time, and holds the wishes that wait for its answer. Used by the engine's loop only.
/// </summary>
internal sealed partial class AnswerProofs(
    AnswerCheck check, SwapPublisher publisher, SwapDecisions decisions, SwapMailbox mailbox, TaskScheduler scheduler, TimeProvider time, ILogger<AnswerProofs> logger)
    : IAsyncDisposable
{
    private readonly Dictionary<LaneId, AnswerProof> _proofs = [];
    private readonly Dictionary<LaneId, DetachedWork> _asking = [];
    private readonly List<SwapCommand.Request> _held = [];

    /// <summary>
    /// Whether the model that is shown as running generated a token (true) or not (false) for somebody who asked at a moment, or who waits in line (null);
    /// null when nobody knows yet, and then it is asked.
    /// </summary>
    public bool? Find(LaneId lane, ModelCard card, TimeSpan? askedAt)
    {
        var proof = _proofs.GetValueOrDefault(lane) is { } newest && newest.Model == card.Id && newest.After == LastJob(lane) ? newest : null;
        if (decisions.Proof(proof, askedAt, Now) is { } known)
        {
            return known;
        }

        Ask(lane, card);
        return null;
    }

    /// <summary>A job has just brought a model up: the token that ended it is proof enough for the wishes that wait.</summary>
    public void Note(LaneId lane, ModelId model, long tokenAt)
    {
        var at = Now - time.GetElapsedTime(tokenAt);
        _proofs[lane] = new AnswerProof(model, LastJob(lane), at, at, HasToken: true);
    }

    /// <summary>A wish waits for the answer.</summary>
    public void Hold(SwapCommand.Request request) => _held.Add(request);

    /// <summary>The answer came; the wishes that waited for it, in their order.</summary>
    public async Task<SwapCommand.Request[]> TakeAsync(SwapCommand.Proved proved)
    {
        if (_asking.Remove(proved.Lane, out var work))
        {
            await work.DisposeAsync();
        }

        _proofs[proved.Lane] = proved.Proof;
        var held = _held.Where(request => request.Wish.Lane == proved.Lane).ToArray();
        _held.RemoveAll(request => request.Wish.Lane == proved.Lane);
        return held;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var work in _asking.Values)
        {
            await work.DisposeAsync();
        }

        foreach (var request in _held)
        {
            request.Answer.TrySetCanceled();
        }
    }

    private void Ask(LaneId lane, ModelCard card)
    {
        if (_asking.ContainsKey(lane))
        {
            return;
        }

        var (last, begin) = (LastJob(lane), Now);
        var work = _asking[lane] = new DetachedWork(scheduler);
        work.Start(async token =>
        {
            var hasToken = false;
            try
            {
                hasToken = await check.HasTokenAsync(lane, card, token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogCheckFailed(exception, lane.Value);
            }

            await mailbox.PostAsync(new SwapCommand.Proved(lane, new AnswerProof(card.Id, last, begin, Now, hasToken)), token);
        });
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    private SwapJobId? LastJob(LaneId lane) => publisher.FindLane(lane)?.LastSwap?.Id;

    [LoggerMessage(LogLevel.Error, "The model on lane {Lane} could not be asked for a token because of an unexpected error; it counts as not answering")]
    private partial void LogCheckFailed(Exception exception, string lane);
}
