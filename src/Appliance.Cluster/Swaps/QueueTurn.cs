using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Whose turn it is on a lane on which nothing is being changed, and in which order the waiting jobs are expected. First in, first out, with one exception:
/// wishes for the model that runs are fulfilled by it, whoever waits before them, because that costs nobody anything. A model that just came up stays for a
/// while, so that its wishes are gathered and two programs that want different models do not swap with every request; nobody waits longer than that while
/// behind the first. Pure.
/// </summary>
internal abstract record QueueTurn
{
    private QueueTurn()
    {
    }

    /// <summary>Nobody waits.</summary>
    public sealed record Nobody : QueueTurn;

    /// <summary>The model that runs is the wanted one.</summary>
    public sealed record Fulfilled(SwapJobId Job) : QueueTurn;

    /// <summary>The first of the line, because the model that runs has not stayed long enough.</summary>
    public sealed record NotYet(SwapJobId Job, TimeSpan Left) : QueueTurn;

    /// <summary>It begins.</summary>
    public sealed record Begin(SwapJobId Job) : QueueTurn;

    /// <summary>Decides.</summary>
    /// <param name="waiting">The jobs that wait, oldest first.</param>
    /// <param name="running">The model that answers; null when none does.</param>
    /// <param name="stayed">How long ago a job brought that model up; null when longer ago than anybody remembers.</param>
    /// <param name="stay">How long a model stays at least while others wait.</param>
    public static QueueTurn Decide(ImmutableArray<SwapJob> waiting, ModelId? running, TimeSpan? stayed, TimeSpan stay)
    {
        if (waiting.IsEmpty)
        {
            return new Nobody();
        }

        if (running is not null && waiting.FirstOrDefault(job => job.Model == running) is { } fulfilled)
        {
            return new Fulfilled(fulfilled.Id);
        }

        return running is not null && stayed is { } time && time < stay
            ? new NotYet(waiting[0].Id, stay - time)
            : new Begin(waiting[0].Id);
    }

    /// <summary>
    /// The jobs in the order in which they are expected to be fulfilled, given the model that runs or is being started: wishes for the same model are
    /// fulfilled together with the first of them.
    /// </summary>
    public static ImmutableArray<SwapJob> Order(ImmutableArray<SwapJob> waiting, ModelId? next) =>
        [.. waiting.Where(job => next is not null && job.Model == next), .. waiting.Where(job => next is null || job.Model != next).GroupBy(job => job.Model).SelectMany(group => group)];
}
