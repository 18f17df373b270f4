namespace Appliance.Cluster.Engines;

/// <summary>
/// What the launcher on a host can do, detected from its help text and not from its date. Its generations differ in whether several nodes mean Ray
/// (spark-vllm-docker.md section 0).
/// </summary>
/// <param name="HasRayOption">It knows <c>--ray</c>: several nodes run without Ray unless asked (from 2026-07-01). Otherwise the command itself must ask for Ray.</param>
/// <param name="HasSoloOption">It knows <c>--solo</c> (from 2026-02).</param>
public sealed record LauncherCapabilities(bool HasRayOption, bool HasSoloOption)
{
    /// <summary>The SHA-256 of its text, hexadecimal; null when the host cannot tell.</summary>
    public string? Hash { get; init; }

    /// <summary>How words pass through it. Intact unless it was looked at.</summary>
    public QuotingProof Quoting { get; init; } = QuotingProof.Intact;
}
