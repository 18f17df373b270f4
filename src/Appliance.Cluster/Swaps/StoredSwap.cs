using System.Collections.Immutable;
using System.Text.Json;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>A job as it lies in the table <c>swap_jobs</c>; times are Unix milliseconds.</summary>
internal sealed class StoredSwap
{
    public string Id { get; init; } = "";

    public string Lane { get; init; } = "";

    public string Kind { get; init; } = "";

    public string State { get; init; } = "";

    public string? Model { get; init; }

    public string ModelName { get; init; } = "";

    public string? ServedName { get; init; }

    public double Progress { get; init; }

    public string RequestedBy { get; init; } = "";

    public string? Note { get; init; }

    public long Epoch { get; init; }

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string? FromModel { get; init; }

    public string? FromName { get; init; }

    public string? RolledBackTo { get; init; }

    public string? Failure { get; init; }

    public string Steps { get; init; } = "[]";

    public string Remarks { get; init; } = "[]";

    /// <summary>The model to bring back.</summary>
    public string? PreviousModel { get; init; }

    public long IsRollingBack { get; init; }

    public long IsCancelled { get; init; }

    public long? LaunchedAt { get; init; }

    /// <summary>The hosts of the wanted model, separated by blanks; null for a stop job and for jobs of older appliances.</summary>
    public string? Hosts { get; init; }

    /// <summary>The version of the image that was started; null when the host did not tell.</summary>
    public string? Image { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>What was asked under the key, to tell a repeat from another request.</summary>
    public string? Request { get; init; }

    /// <summary>The SHA-256 of the reservation's token that the job was accepted with.</summary>
    public byte[]? Token { get; init; }

    public static StoredSwap Of(LaneSwap swap) => new()
    {
        Id = swap.Job.Id.Value,
        Lane = swap.Job.Lane.Value,
        Kind = swap.Job.Kind.ToString(),
        State = swap.Job.State.ToString(),
        Model = swap.Job.Model?.Value,
        ModelName = swap.Job.ModelName,
        ServedName = swap.Job.ServedName,
        Progress = swap.Job.Progress,
        RequestedBy = swap.Job.RequestedBy,
        Note = swap.Job.Note,
        Epoch = swap.Job.Epoch,
        StartedAt = swap.Job.StartedAt.ToUnixTimeMilliseconds(),
        EndedAt = swap.Job.EndedAt?.ToUnixTimeMilliseconds(),
        FromModel = swap.Job.From?.Value,
        FromName = swap.Job.FromName,
        RolledBackTo = swap.Job.RolledBackTo?.Value,
        Failure = swap.Job.Failure is { } failure ? JsonSerializer.Serialize(failure, StoredSwapJson.Default.SwapFailure) : null,
        Steps = JsonSerializer.Serialize(swap.Job.Steps, StoredSwapJson.Default.ImmutableArraySwapStep),
        Remarks = JsonSerializer.Serialize(swap.Job.Remarks, StoredSwapJson.Default.ImmutableArrayString),
        PreviousModel = swap.Previous?.Id.Value,
        IsRollingBack = swap.IsRollingBack ? 1 : 0,
        IsCancelled = swap.IsCancelled ? 1 : 0,
        LaunchedAt = swap.LaunchedAt?.ToUnixTimeMilliseconds(),
        Hosts = HostWords(swap.Hosts),
        Image = swap.Image,
        IdempotencyKey = swap.IdempotencyKey,
        Request = swap.RequestFingerprint,
        Token = swap.Pass.Token?.ToStored(),
    };

    /// <summary>Hosts as they are stored.</summary>
    public static string? HostWords(ImmutableArray<HostId> hosts) => hosts.IsEmpty ? null : string.Join(' ', hosts);

    public SwapJob ToJob() => new()
    {
        Id = SwapJobId.Parse(Id),
        Lane = LaneId.Parse(Lane),
        Kind = Enum.Parse<SwapKind>(Kind),
        State = Enum.Parse<SwapState>(State),
        Model = ReadModel(Model),
        ModelName = ModelName,
        ServedName = ServedName,
        Progress = Progress,
        RequestedBy = RequestedBy,
        Note = Note,
        Epoch = Epoch,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(StartedAt),
        EndedAt = EndedAt is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
        From = ReadModel(FromModel),
        FromName = FromName,
        RolledBackTo = ReadModel(RolledBackTo),
        Failure = Failure is null ? null : JsonSerializer.Deserialize(Failure, StoredSwapJson.Default.SwapFailure),
        Steps = JsonSerializer.Deserialize(Steps, StoredSwapJson.Default.ImmutableArraySwapStep),
        Remarks = JsonSerializer.Deserialize(Remarks, StoredSwapJson.Default.ImmutableArrayString),
    };

    private static ModelId? ReadModel(string? text) => ModelId.TryParse(text, out var id) ? id : null;
}
