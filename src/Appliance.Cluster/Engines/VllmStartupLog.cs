using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Engines;

/// <summary>
/// Reads vLLM's start-up log. Keyed on fragments of text, never on file names and line numbers, which move weekly (spark-vllm-docker.md section 5).
/// Weights of the phases as measured on a DGX Spark: reading weights 5 to 60 %, compiling to 80 %, graphs to 95 %.
/// </summary>
internal sealed partial class VllmStartupLog : IStartupLogReader
{
    private const double WeightsFrom = 0.05, WeightsTo = 0.60, GraphsFrom = 0.80, GraphsBetween = 0.90, GraphsTo = 0.95;

    private sealed record Mark(string Fragment, StartupPhase Phase, double Fraction);

    private static readonly ImmutableArray<Mark> Marks =
    [
        new("vLLM API server version", StartupPhase.Starting, 0.01),
        new("non-default args:", StartupPhase.Starting, 0.01),
        new("Resolved architecture:", StartupPhase.Starting, 0.02),
        new("Using max model len", StartupPhase.Starting, 0.02),
        new("Chunked prefill is enabled", StartupPhase.Starting, 0.03),
        new("Asynchronous scheduling is enabled", StartupPhase.Starting, 0.03),
        new("Initializing a V1 LLM engine", StartupPhase.Starting, 0.04),
        new("Creating a new placement group", StartupPhase.Starting, 0.04),
        new("Waiting for creating a placement group", StartupPhase.Starting, 0.04),
        new("NCCL INFO", StartupPhase.Starting, 0.045),
        new("vLLM is using nccl", StartupPhase.Starting, 0.045),
        new("Starting to load model", StartupPhase.Weights, WeightsFrom),
        new("Time spent downloading weights", StartupPhase.Weights, WeightsFrom),
        new("Loading drafter model", StartupPhase.Weights, WeightsTo),
        new("Detected MTP model", StartupPhase.Weights, WeightsTo),
        new("Loading weights took", StartupPhase.Weights, WeightsTo),
        new("Model loading took", StartupPhase.Compiling, WeightsTo),
        new("Encoder cache will be initialized", StartupPhase.Compiling, 0.61),
        new("torch_compile_cache", StartupPhase.Compiling, 0.62),
        new("Dynamo bytecode transform time", StartupPhase.Compiling, 0.66),
        new("Directly load the compiled graph", StartupPhase.Compiling, 0.72),
        new("Compiling a graph for", StartupPhase.Compiling, 0.70),
        new("torch.compile takes", StartupPhase.Compiling, 0.74),
        new("torch.compile took", StartupPhase.Compiling, 0.74),
        new("profiling/warmup run took", StartupPhase.Compiling, 0.75),
        new("Autotuning process starts", StartupPhase.Compiling, 0.76),
        new("Autotuning process ends", StartupPhase.Compiling, 0.77),
        new("Available KV cache memory", StartupPhase.Compiling, 0.78),
        new("GPU KV cache size", StartupPhase.Compiling, 0.79),
        new("Maximum concurrency for", StartupPhase.Compiling, 0.80),
        new("Skipping CUDA graph capture", StartupPhase.Graphs, GraphsTo),
        new("Graph capturing finished", StartupPhase.Graphs, GraphsTo),
        new("init engine (profile", StartupPhase.Opening, 0.96),
        new("Supported tasks:", StartupPhase.Opening, 0.97),
        new("Starting vLLM server on", StartupPhase.Opening, 0.98),
        new("Starting vLLM API server", StartupPhase.Opening, 0.98),
        new("Route: /", StartupPhase.Opening, 0.98),
        new("Started server process", StartupPhase.Opening, 0.985),
        new("Waiting for application startup", StartupPhase.Opening, 0.99),
        new("Application startup complete", StartupPhase.Opening, 1),
    ];

    /// <inheritdoc/>
    public StartupProgress Progress { get; private set; } = StartupProgress.None;

    /// <inheritdoc/>
    public bool Read(string line)
    {
        var before = Progress;
        foreach (var piece in LogText.Pieces(line))
        {
            var plain = LogText.Plain(piece);
            if (plain.Length > 0 && !LogText.IsFromOtherRank(plain) && Understand(plain) is { } progress)
            {
                Advance(progress);
            }
        }

        return Progress != before;
    }

    private void Advance(StartupProgress next)
    {
        // A second bar (draft model, second set of graphs) begins at 0 again; what was reached stays reached.
        if (next.Fraction > Progress.Fraction || (next.Fraction == Progress.Fraction && next.Phase >= Progress.Phase && next.Detail is not null))
        {
            Progress = next.Phase >= Progress.Phase ? next : next with { Phase = Progress.Phase };
        }
        else if (next.Phase > Progress.Phase)
        {
            Progress = next with { Fraction = Progress.Fraction };
        }
    }

    private static StartupProgress? Understand(string text)
    {
        if (text.Contains('%'))
        {
            if (Shards().Match(text) is { Success: true } shards)
            {
                return Counted(StartupPhase.Weights, WeightsFrom, WeightsTo, shards.Groups[1].Value, shards.Groups[2].Value);
            }

            if (Files().Match(text) is { Success: true } files)
            {
                // Downloaded inside the container, because the disk had not all of it: nothing of the load is done yet.
                return Counted(StartupPhase.Weights, WeightsFrom, WeightsFrom, files.Groups[1].Value, files.Groups[2].Value);
            }

            if (Graphs().Match(text) is { Success: true } graphs)
            {
                // The set for whole decode steps comes second, except where it is the only one.
                var isSecond = text.Contains("(decode", StringComparison.Ordinal);
                return Counted(
                    StartupPhase.Graphs, isSecond ? GraphsBetween : GraphsFrom, isSecond ? GraphsTo : GraphsBetween, graphs.Groups[1].Value, graphs.Groups[2].Value);
            }

            if (WarmUp().Match(text) is { Success: true } warmUp)
            {
                var percent = Number(warmUp.Groups[1].Value);
                return new StartupProgress(StartupPhase.Compiling, 0.70 + (0.07 * Math.Min(percent, 100) / 100), $"{percent:0} %");
            }
        }

        if (Banner().IsMatch(text))
        {
            return new StartupProgress(StartupPhase.Starting, 0.01);
        }

        foreach (var mark in Marks)
        {
            if (text.Contains(mark.Fragment, StringComparison.Ordinal))
            {
                return new StartupProgress(mark.Phase, mark.Fraction);
            }
        }

        return null;
    }

    private static StartupProgress? Counted(StartupPhase phase, double from, double to, string doneText, string ofText)
    {
        double done = Number(doneText), of = Number(ofText);
        return of > 0 ? new StartupProgress(phase, from + ((to - from) * Math.Min(done / of, 1)), $"{done:0} of {of:0}") : null;
    }

    private static double Number(string digits) => double.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    // vLLM gives all its loaders (safetensors, fastsafetensors, several threads, run:ai, instanttensor, b12x …) this one form of bar; the words before it differ.
    [GeneratedRegex(@"[0-9]{1,3}% Completed \| ([0-9]{1,9})/([0-9]{1,9})", RegexOptions.NonBacktracking)]
    private static partial Regex Shards();

    [GeneratedRegex(@"Fetching [0-9]{1,9} files: +[0-9]{1,3}%.*\| ([0-9]{1,9})/([0-9]{1,9})", RegexOptions.NonBacktracking)]
    private static partial Regex Files();

    [GeneratedRegex(@"Capturing CUDA graphs[^:]*: +[0-9]{1,3}%.*\| ([0-9]{1,9})/([0-9]{1,9})", RegexOptions.NonBacktracking)]
    private static partial Regex Graphs();

    // The banner of versions since 2026: art in front, then "version 0.23.1rc1.dev5".
    [GeneratedRegex(@" version +[0-9]{1,3}\.[0-9]{1,4}\.[0-9]{1,4}[A-Za-z0-9.+]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Banner();

    [GeneratedRegex(@"DeepGEMM warmup: +([0-9]{1,3})%", RegexOptions.NonBacktracking)]
    private static partial Regex WarmUp();
}
