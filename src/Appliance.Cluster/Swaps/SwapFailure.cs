using System.Collections.Immutable;

namespace Appliance.Cluster.Swaps;

/// <summary>Why a job did not bring about what was asked.</summary>
/// <param name="Code">A stable name for programs, snake_case.</param>
/// <param name="Message">One sentence for the owner.</param>
/// <param name="Advice">What to do about it; null when there is nothing to add.</param>
/// <param name="LogTail">The last lines of the server's log, oldest first; at most 250, because the root cause stands well above the last traceback.</param>
public sealed record SwapFailure(string Code, string Message, string? Advice, ImmutableArray<string> LogTail);
