namespace Appliance.Cluster.Engines;

/// <summary>
/// What the launcher on a host can do, detected from its help text and not from its date. Its generations differ in whether several nodes mean Ray
/// (spark-vllm-docker.md section 0).
/// </summary>
/// <param name="HasRayOption">It knows <c>--ray</c>: several nodes run without Ray unless asked (from 2026-07-01). Otherwise the command itself must ask for Ray.</param>
/// <param name="HasSoloOption">It knows <c>--solo</c> (from 2026-02).</param>
/// <param name="QuotesWords">It escapes every word of the command (<c>printf %q</c>, from 2026-03-04), so that words with blanks and braces arrive whole.</param>
public sealed record LauncherCapabilities(bool HasRayOption, bool HasSoloOption, bool QuotesWords);
