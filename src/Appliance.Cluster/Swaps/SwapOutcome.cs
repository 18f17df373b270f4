using System.Collections.Immutable;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Swaps;

/// <summary>What became of a request to swap or stop.</summary>
public abstract record SwapOutcome
{
    private SwapOutcome()
    {
    }

    /// <summary>A job runs.</summary>
    /// <param name="Job">The job as accepted.</param>
    public sealed record Accepted(SwapJob Job) : SwapOutcome;

    /// <summary>Only a plan was asked for; nothing was touched.</summary>
    /// <param name="Plan">What a swap would do.</param>
    public sealed record Planned(SwapPlan Plan) : SwapOutcome;

    /// <summary>The wanted state already holds; nothing was touched.</summary>
    /// <param name="Model">The live model; null when the wish was that nothing runs.</param>
    public sealed record AlreadySo(ModelCard? Model) : SwapOutcome;

    /// <summary>No such lane.</summary>
    /// <param name="Known">The lanes there are.</param>
    public sealed record UnknownLane(ImmutableArray<string> Known) : SwapOutcome;

    /// <summary>No such model.</summary>
    /// <param name="Name">What was asked for.</param>
    /// <param name="Known">The ids on the menu.</param>
    public sealed record UnknownModel(string Name, ImmutableArray<string> Known) : SwapOutcome;

    /// <summary>The model is on disk but cannot be started: no recipe, or files are missing.</summary>
    /// <param name="Model">The card.</param>
    /// <param name="Why">One sentence for the owner.</param>
    public sealed record NotReady(ModelCard Model, string Why) : SwapOutcome;

    /// <summary>It does not fit into memory.</summary>
    /// <param name="Model">The card.</param>
    /// <param name="Fit">The numbers.</param>
    public sealed record DoesNotFit(ModelCard Model, FitVerdict Fit) : SwapOutcome
    {
        /// <summary>What would make it fit, the simplest first; empty when nothing is known.</summary>
        public ImmutableArray<FitOffer> Offers { get; init; } = [];
    }

    /// <summary>The disk of a host is so full that a server could not write its log and its caches there.</summary>
    /// <param name="HostName">The host's name.</param>
    /// <param name="Free">What is free on the disk with the models.</param>
    public sealed record DiskFull(string HostName, ByteSize Free) : SwapOutcome
    {
        /// <summary>
        /// The least that a start needs: the log, and the compiled graphs of a new image, some gigabytes for large models. A disk that runs full takes Docker
        /// and the whole machine down (F-38).
        /// </summary>
        public static ByteSize Least { get; } = ByteSize.FromGigabytes(5);

        /// <summary>Why, as a sentence for the owner.</summary>
        public string Why => $"The disk of {HostName} has {Free} left; a model needs at least {Least} there for its log and what it compiles.";
    }

    /// <summary>A host of the lane cannot be used.</summary>
    /// <param name="HostName">The host's name.</param>
    /// <param name="Fault">Why.</param>
    public sealed record HostUnusable(string HostName, HostFault Fault) : SwapOutcome;

    /// <summary>Another job runs on the lane, or waits for its turn: nobody overtakes.</summary>
    /// <param name="Running">That job.</param>
    public sealed record InProgress(SwapJob Running) : SwapOutcome;

    /// <summary>Too many jobs wait on the lane.</summary>
    /// <param name="Waiting">How many.</param>
    public sealed record QueueFull(int Waiting) : SwapOutcome;

    /// <summary>Somebody else has reserved the lane.</summary>
    /// <param name="By">That reservation.</param>
    public sealed record Locked(Reservation By) : SwapOutcome;

    /// <summary>The token that was shown holds no reservation of this lane (any more).</summary>
    public sealed record WrongToken : SwapOutcome;

    /// <summary>The idempotency key was used for another request.</summary>
    /// <param name="Earlier">The job of the first request.</param>
    public sealed record KeyReused(SwapJob Earlier) : SwapOutcome;
}
