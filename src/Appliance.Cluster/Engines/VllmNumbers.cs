using System.Globalization;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Engines;

/// <summary>The numbers that a fatal line names, made into the number to use. Pure.</summary>
internal static class VllmNumbers
{
    /// <summary>Context lengths are offered in whole blocks of a thousand: a round number is easier to type, and some memory stays free.</summary>
    private const int LengthStep = 1024;

    /// <summary>Below that, a model that talks is of no use.</summary>
    private const int LeastLength = 2048;

    /// <summary>What CUDA reports for a DGX Spark, in GiB (spark-vllm-docker.md section 7).</summary>
    private const double SparkMemory = 121.6;

    /// <summary>What conversations need beyond nothing, in GiB: the floor of the fit check.</summary>
    private const double CacheFloor = 2;

    /// <summary>The line that names the wished length, what it needs and what there is, and sometimes the longest that fits.</summary>
    public static Diagnosis ContextTooLong(GroupCollection groups)
    {
        var (length, needed, available) = (groups[1].Value, groups[2].Value, groups[3].Value);
        var fits = groups[4].Success ? Whole(groups[4].Value) : Number(length.Replace(",", "")) * Math.Max(Number(available), 0) / Math.Max(Number(needed), 0.01);
        return new Diagnosis(
            "context_too_long",
            Number(available) > 0
                ? $"A context of {length} tokens needs {needed} GiB, but only {available} GiB are left for it."
                : $"A context of {length} tokens needs {needed} GiB, but the weights left nothing for it.",
            fits < LeastLength ? RaiseShare(needed) : groups[4].Success ? SetLength(groups[4].Value) : SetLength(Rounded(fits)));
    }

    /// <summary>The advice to ask for a shorter context.</summary>
    public static string SetLength(string tokens) => Whole(tokens) < LeastLength
        ? "Raise --gpu-memory-utilization in the recipe, or take a smaller model: the memory left holds next to nothing."
        : $"Set --max-model-len={tokens.Replace(",", "")} in the recipe: that is the longest that fits.";

    /// <summary>The advice to claim more memory, when so many GiB were missing.</summary>
    public static string RaiseShare(string missing)
    {
        var more = Math.Ceiling((Number(missing) + CacheFloor) / SparkMemory * 100) / 100;
        return more < 1
            ? $"Raise --gpu-memory-utilization in the recipe, on a DGX Spark by at least {more.ToString("0.00", CultureInfo.InvariantCulture)}, or lower --max-num-batched-tokens."
            : "Take a smaller model, or one with stronger quantization.";
    }

    /// <summary>Two hundredths below what was free, rounded down: the share is of all memory.</summary>
    public static string Share(string free, string total) =>
        Math.Max(Math.Floor(((Number(free) / Math.Max(Number(total), 0.01)) - 0.02) * 100) / 100, 0.01).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Rounded(double tokens) => (Math.Min((long)tokens, int.MaxValue) / LengthStep * LengthStep).ToString(CultureInfo.InvariantCulture);

    private static double Whole(string tokens) => Number(tokens.Replace(",", ""));

    private static double Number(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
