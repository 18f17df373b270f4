using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>One swap or stop, from the request to its end. Immutable: the engine publishes a new value for every change.</summary>
public sealed record SwapJob
{
    /// <summary>The id.</summary>
    public required SwapJobId Id { get; init; }

    /// <summary>The lane it works on.</summary>
    public required LaneId Lane { get; init; }

    /// <summary>What it is to bring about.</summary>
    public required SwapKind Kind { get; init; }

    /// <summary>The wanted model; for a stop job the one that is stopped, null when nothing ran.</summary>
    public ModelId? Model { get; init; }

    /// <summary>The name people see for <see cref="Model"/>.</summary>
    public required string ModelName { get; init; }

    /// <summary>The name under which the wanted model will answer; null for a stop job.</summary>
    public string? ServedName { get; init; }

    /// <summary>Where it is.</summary>
    public required SwapState State { get; init; }

    /// <summary>Its place among those that wait for their turn, from 1; null when it does not wait.</summary>
    public int? Position { get; init; }

    /// <summary>0 to 100; never sinks except when a rollback begins.</summary>
    public double Progress { get; init; }

    /// <summary>What is left; null until earned from this model's own history on these hosts.</summary>
    public TimeSpan? Eta { get; init; }

    /// <summary>The steps, done and to come.</summary>
    public ImmutableArray<SwapStep> Steps { get; init; } = [];

    /// <summary>Who asked, in words: "you", a holder's name, a program's name.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>What the asker noted; null without a note.</summary>
    public string? Note { get; init; }

    /// <summary>The fencing number of this job; grows with every job and every forced release.</summary>
    public long Epoch { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The model that ran before; null when nothing did.</summary>
    public ModelId? From { get; init; }

    /// <summary>The name people see for <see cref="From"/>.</summary>
    public string? FromName { get; init; }

    /// <summary>What was unusual on the way, as sentences for the owner, in order.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>Why it did not work; null while it runs and after success.</summary>
    public SwapFailure? Failure { get; init; }

    /// <summary>The model that was brought back; null when none was.</summary>
    public ModelId? RolledBackTo { get; init; }

    /// <summary>The newest lines of the server's log, oldest first, at most 8: for the live view. The whole log is read from the engine.</summary>
    public ImmutableArray<string> LogTail { get; init; } = [];
}
