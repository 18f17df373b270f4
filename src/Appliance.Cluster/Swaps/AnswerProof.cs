using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>What came of asking the model that is shown as running for a token. Moments are those of the monotonic clock. Immutable.</summary>
/// <param name="Model">The model that was asked.</param>
/// <param name="After">The last job of its lane when it was asked: after another one it proves nothing. Null when there was none.</param>
/// <param name="BegunAt">When the question was put.</param>
/// <param name="EndedAt">When its outcome was known.</param>
/// <param name="HasToken">Whether a token was generated.</param>
internal sealed record AnswerProof(ModelId Model, SwapJobId? After, TimeSpan BegunAt, TimeSpan EndedAt, bool HasToken)
{
    /// <summary>
    /// Whether the model runs for somebody who wants it: true and false by a proof that is new enough, null when it has to be asked. Who asks gets a question of
    /// after that; a wish that waits in line (a null <paramref name="askedAt"/>) takes what was known a moment ago. Pure.
    /// </summary>
    public static bool? Decide(AnswerProof? proof, TimeSpan? askedAt, TimeSpan now) => proof switch
    {
        null => null,
        _ when askedAt is { } asked => proof.BegunAt >= asked ? proof.HasToken : null,
        _ => now - proof.EndedAt <= SwapTimes.ProofFreshness ? proof.HasToken : null,
    };
}
