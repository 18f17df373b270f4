using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class AnswerProofTests
{
    [Theory]
    [InlineData(10, true)]
    [InlineData(9, true)]
    [InlineData(11, null)]
    public void Who_asks_is_told_what_was_asked_for_afterwards(int askedAt, bool? known) =>
        AnswerProof.Decide(Proof(begunAt: 10, endedAt: 12), Seconds(askedAt), Seconds(60)).ShouldBe(known);

    [Theory]
    [InlineData(12, true)]
    [InlineData(14, true)]
    [InlineData(15, null)]
    public void A_wish_that_waits_takes_what_was_known_a_moment_ago(int now, bool? known) =>
        AnswerProof.Decide(Proof(begunAt: 1, endedAt: 12), askedAt: null, Seconds(now)).ShouldBe(known);

    [Fact]
    public void What_gave_no_token_does_not_run_and_what_was_never_asked_is_not_known()
    {
        AnswerProof.Decide(Proof(begunAt: 10, endedAt: 12) with { HasToken = false }, Seconds(10), Seconds(12)).ShouldBe(false);
        AnswerProof.Decide(null, Seconds(10), Seconds(12)).ShouldBeNull();
    }

    private static AnswerProof Proof(int begunAt, int endedAt) => new(ModelId.Parse("acme--model"), null, Seconds(begunAt), Seconds(endedAt), HasToken: true);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
