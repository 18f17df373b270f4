using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

/// <summary>A job: one swap or stop.</summary>
internal sealed record SwapWire
{
    public required string JobId { get; init; }

    public required SwapKind Kind { get; init; }

    public required string Lane { get; init; }

    public string? Model { get; init; }

    public required string ModelName { get; init; }

    public string? ServedName { get; init; }

    public required SwapState State { get; init; }

    /// <summary>The place in the line, from 1; absent unless it waits.</summary>
    public int? Position { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Progress { get; init; }

    /// <summary>Absent until earned from this model's own history.</summary>
    public double? EtaSeconds { get; init; }

    public required IReadOnlyList<SwapStepWire> Steps { get; init; }

    public required string RequestedBy { get; init; }

    public string? Note { get; init; }

    public required long Epoch { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>From its beginning, without the wait for its turn, to its end; absent while it runs.</summary>
    public double? DurationSeconds { get; init; }

    public string? FromModel { get; init; }

    public string? FromName { get; init; }

    /// <summary>What was unusual on the way, as sentences.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    public SwapErrorWire? Error { get; init; }

    public string? RolledBackTo { get; init; }

    public required IReadOnlyList<string> LogTail { get; init; }

    public required string Url { get; init; }

    public required string EventsUrl { get; init; }

    public static SwapWire From(SwapJob job) => new()
    {
        JobId = job.Id.Value,
        Kind = job.Kind,
        Lane = job.Lane.Value,
        Model = job.Model?.Value,
        ModelName = job.ModelName,
        ServedName = job.ServedName,
        State = job.State,
        Position = job.Position,
        Progress = Math.Round(job.Progress, 1),
        EtaSeconds = job.Eta?.TotalSeconds,
        Steps = [.. job.Steps.Select(SwapStepWire.From)],
        RequestedBy = job.RequestedBy,
        Note = job.Note,
        Epoch = job.Epoch,
        StartedAt = job.StartedAt,
        EndedAt = job.EndedAt,
        DurationSeconds = SwapWords.Worked(job)?.TotalSeconds,
        FromModel = job.From?.Value,
        FromName = job.FromName,
        Remarks = job.Remarks,
        Error = job.Failure is { } failure ? SwapErrorWire.From(failure) : null,
        RolledBackTo = job.RolledBackTo?.Value,
        LogTail = job.LogTail,
        Url = SwapUrls.Of(job.Id),
        EventsUrl = SwapUrls.EventsOf(job.Id),
    };
}
