using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;

namespace Appliance.Cluster.Fit;

/// <summary>
/// Estimates whether a model fits, from its bytes on disk. Two questions: do weights, cache and overhead fit into the share of memory that the recipe
/// claims, and is that share free once the lane's present model is gone (vLLM refuses to start when it is not). Pure.
/// </summary>
public static class FitCheck
{
    /// <summary>vLLM's own default for <c>--gpu-memory-utilization</c>.</summary>
    public const double DefaultShare = 0.9;

    /// <summary>The least that conversations need: 2 GB hold some 20,000 to 100,000 tokens of fp8 cache, enough for vLLM to start with a reasonable context.</summary>
    public static readonly ByteSize CacheFloor = ByteSize.FromGigabytes(2);

    /// <summary>CUDA context, compiled graphs and activations: 3 to 5 GB in start-up logs of 26B to 120B models on a Spark. Part of the share.</summary>
    public static readonly ByteSize Overhead = ByteSize.FromGigabytes(4);

    /// <summary>More than this is never advised: the machine itself needs the rest.</summary>
    private const double MostShare = 0.95;

    /// <summary>Small models have small graphs: never count more overhead than this part of the weights, but at least 1 GB.</summary>
    private const double OverheadOfWeights = 0.5;

    /// <summary>
    /// Decides for a recipe whose weights are split evenly over <paramref name="hosts"/>. Null when it cannot be said: a host's memory is unknown, or it is
    /// short now and nobody knows what stopping the present model gives back. A doubt never refuses: people must be able to swap away from a stuck model.
    /// </summary>
    public static FitVerdict? Decide(Recipe recipe, ByteSize weights, ImmutableArray<FitHost> hosts)
    {
        FitVerdict? tightest = null;
        var isSure = !hosts.IsEmpty;
        foreach (var host in hosts)
        {
            if (DecideOne(recipe, weights, hosts.Length, host) is not { } verdict)
            {
                isSure = false;
            }
            else if (tightest is null || IsTighter(verdict, tightest))
            {
                tightest = verdict;
            }
        }

        return isSure || tightest is { IsOk: false } ? tightest : null;
    }

    /// <summary>What a recipe claims of a host's memory at its start.</summary>
    public static ByteSize Claim(Recipe recipe, ByteSize total)
    {
        if (Number(recipe, "--gpu-memory-utilization-gb") is { } gigabytes)
        {
            // The launcher's mod of that name counts in GiB.
            return Clamp(new ByteSize((long)(gigabytes * (1L << 30))), total);
        }

        var share = Number(recipe, "--gpu-memory-utilization") is { } stated and > 0 and <= 1 ? stated : DefaultShare;
        return new ByteSize((long)(total.Bytes * share));
    }

    /// <summary>
    /// The smallest share of the memory, in hundredths, with which the weights and <paramref name="cache"/> bytes for conversations fit into every host; null
    /// where that cannot be said, or would leave nothing for the machine itself.
    /// </summary>
    internal static double? ShareFor(Recipe recipe, ByteSize weights, ByteSize cache, ImmutableArray<FitHost> hosts)
    {
        if (hosts.IsEmpty || RecipeWords.FindValue(recipe.Arguments, "--gpu-memory-utilization-gb") is not null)
        {
            return null;
        }

        var part = new ByteSize((weights.Bytes + hosts.Length - 1) / hosts.Length);
        var conversations = new ByteSize(Math.Max(CacheFloor.Bytes, cache.Bytes / hosts.Length));
        var needed = part + conversations + OverheadFor(part);
        var share = 0.0;
        foreach (var host in hosts)
        {
            if (host.Total is not { Bytes: > 0 } total)
            {
                return null;
            }

            share = Math.Max(share, Math.Ceiling(100.0 * needed.Bytes / total.Bytes) / 100);
        }

        return share <= MostShare ? share : null;
    }

    private static FitVerdict? DecideOne(Recipe recipe, ByteSize weights, int parts, FitHost host)
    {
        if (host.Total is not { } total || host.Available is not { } available || total <= ByteSize.Zero)
        {
            return null;
        }

        var part = new ByteSize((weights.Bytes + parts - 1) / parts);
        var needed = part + CacheFloor + OverheadFor(part);
        var claim = Claim(recipe, total);
        var free = RoundDown(Clamp(available + (host.GivenBack ?? ByteSize.Zero), total));
        if (needed > claim)
        {
            var why = needed > total
                ? $"Needs about {needed}, more than the {total} that {host.Name} has."
                : $"Needs about {needed}, but its recipe allows it only {claim} of {host.Name}'s memory.";
            return new FitVerdict(false, needed, claim < free ? claim : free, why);
        }

        if (claim <= free)
        {
            return new FitVerdict(true, claim, free, $"Reserves {claim} of the {free} that would be free on {host.Name}; about {part} of it are weights.");
        }

        return host.GivenBack is null ? null : new FitVerdict(false, claim, free, $"Its recipe reserves {claim} on {host.Name}, but only {free} would be free there.");
    }

    /// <summary>Half a gigabyte: free memory breathes all the time, and a verdict should not flicker with it.</summary>
    private static ByteSize RoundDown(ByteSize size) => new(size.Bytes - (size.Bytes % 500_000_000));

    private static ByteSize OverheadFor(ByteSize part)
    {
        var scaled = ByteSize.FromGigabytes(Math.Max(part.Gigabytes * OverheadOfWeights, 1));
        return scaled < Overhead ? scaled : Overhead;
    }

    private static bool IsTighter(FitVerdict left, FitVerdict right) =>
        left.IsOk != right.IsOk ? right.IsOk : left.Available - left.Needed < right.Available - right.Needed;

    private static ByteSize Clamp(ByteSize size, ByteSize most) => size > most ? most : size < ByteSize.Zero ? ByteSize.Zero : size;

    private static double? Number(Recipe recipe, string option) =>
        double.TryParse(RecipeWords.FindValue(recipe.Arguments, option), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
}
