using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;

namespace Appliance.TestKit.Given;

/// <summary>Values with good defaults; a test states only what matters to it.</summary>
public static class Given
{
    /// <summary>The start of <see cref="Time.ManualClock"/>.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);

    /// <summary>The lane that two Sparks share.</summary>
    public static LaneDefinition MainLane { get; } = new()
    {
        Id = LaneId.Main,
        Name = "Main",
        Hosts = [HostId.Parse("spark-1"), HostId.Parse("spark-2")],
    };

    /// <summary>A second, small lane.</summary>
    public static LaneDefinition SmallLane { get; } = new()
    {
        Id = LaneId.Parse("small"),
        Name = "Small helper",
        Hosts = [HostId.Parse("spark-2")],
        Port = 8002,
        Container = "vllm_small",
    };

    /// <summary>Two Sparks, one lane on which Qwen3.6 35B answers, five services, a menu; nothing needs a person.</summary>
    public static SnapshotBuilder Snapshot() => new();

    /// <summary>A model that can be started on one machine.</summary>
    public static ModelCard Model(string name = "Gemma 4 26B", string repo = "google/gemma-4-26b", ModelState state = ModelState.Ready)
    {
        var id = RepoId.Parse(repo);
        return new ModelCard
        {
            Id = id.Id,
            Repo = id,
            Name = name,
            State = state,
            Copies = [new LocalCopy(HostId.Parse("spark-1"), ByteSize.FromGigabytes(52), state != ModelState.Incomplete)],
            Recipe = state is ModelState.NeedsSetup ? null : new Recipe
            {
                Repo = id,
                Name = name,
                ServedName = repo,
                Placement = RecipePlacement.Any,
                Source = RecipeSource.Catalog,
            },
            Capabilities = [Capability.Chat, Capability.Vision, Capability.Tools],
            ContextLength = 131_072,
            Fit = new FitVerdict(true, ByteSize.FromGigabytes(48), ByteSize.FromGigabytes(92), "It fits."),
        };
    }

    /// <summary>A swap from Qwen3.6 35B to Gemma 4 26B in a state, asked for a minute and a half ago.</summary>
    public static SwapJob Swap(SwapState state = SwapState.Loading)
    {
        var started = Now - TimeSpan.FromSeconds(98);
        return new SwapJob
        {
            Id = SwapJobId.Parse("swap-1"),
            Lane = LaneId.Main,
            Kind = SwapKind.Swap,
            Model = ModelId.Of(RepoId.Parse("google/gemma-4-26b")),
            ModelName = "Gemma 4 26B",
            ServedName = "google/gemma-4-26b",
            State = state,
            Progress = state.IsTerminal() ? 100 : 62,
            Steps = Steps(started, state),
            RequestedBy = "you",
            StartedAt = started,
            EndedAt = state.IsTerminal() ? Now : null,
            From = ModelId.Of(RepoId.Parse("RedHatAI/qwen3.6-35b")),
            FromName = "Qwen3.6 35B",
            RolledBackTo = state == SwapState.RolledBack ? ModelId.Of(RepoId.Parse("RedHatAI/qwen3.6-35b")) : null,
            Failure = state is SwapState.Failed or SwapState.RolledBack ? OutOfMemory : null,
            LogTail = state.IsTerminal() ? [] : ["Loading safetensors: 9/14", "Using max model len 131072"],
        };
    }

    /// <summary>A lane kept for "nightly-batch", until 08:05.</summary>
    public static Reservation Reservation { get; } = new()
    {
        Holder = "nightly-batch",
        Note = "evaluation run",
        AcquiredAt = Now.AddMinutes(-7),
        Ttl = TimeSpan.FromMinutes(30),
        Epoch = 12,
        Deadline = TimeSpan.FromMinutes(23),
        ExpiresAt = Now.AddMinutes(23),
        Left = TimeSpan.FromMinutes(23),
    };

    /// <summary>A failure with a cause and advice.</summary>
    public static SwapFailure OutOfMemory { get; } = new(
        "out_of_memory", "There was not enough memory for its context.", "Lower its context length to 65,536.", ["ValueError: No available memory for the cache blocks."]);

    /// <summary>The receipt for Gemma 4 26B while Qwen3.6 35B runs.</summary>
    public static SwapPlan Plan()
    {
        var model = Model();
        return new SwapPlan
        {
            Model = model,
            Lane = MainLane,
            Stops = "Qwen3.6 35B",
            RunningRequests = 2,
            DrainLimit = TimeSpan.FromMinutes(1),
            Launch = new LaunchPlan(
                HostId.Parse("spark-1"), ShellCommand.Of("./launch-cluster.sh"), ["vllm", "serve", "google/gemma-4-26b"], [HostId.Parse("spark-1")], "google/gemma-4-26b"),
            Fit = model.Fit,
            Estimate = new LoadEstimate(TimeSpan.FromSeconds(125), TimeSpan.FromSeconds(170), 9),
            LastOutcomes = [.. Enumerable.Repeat(SwapState.Live, 9)],
        };
    }

    private static ImmutableArray<SwapStep> Steps(DateTimeOffset started, SwapState state)
    {
        SwapStepKind[] kinds = [SwapStepKind.Check, SwapStepKind.Drain, SwapStepKind.Stop, SwapStepKind.Load, SwapStepKind.WarmUp, SwapStepKind.FirstAnswer];
        var reached = state switch
        {
            SwapState.Queued or SwapState.Preflight => 0,
            SwapState.Draining => 1,
            SwapState.Stopping => 2,
            SwapState.Launching or SwapState.Loading or SwapState.Failed or SwapState.RolledBack or SwapState.Cancelled => 3,
            SwapState.Probing or SwapState.Live => 5,
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
        var steps = kinds.Select((kind, index) => index > reached
            ? new SwapStep(kind)
            : new SwapStep(kind, started.AddSeconds(index * 10), index < reached || state.IsTerminal() ? started.AddSeconds((index + 1) * 10) : null,
                kind == SwapStepKind.Load && index == reached ? "9 of 14" : null));
        var back = state == SwapState.RolledBack ? new SwapStep(SwapStepKind.RollBack, started.AddSeconds(50), Now) : new SwapStep(SwapStepKind.RollBack);
        return [.. steps, back];
    }
}
