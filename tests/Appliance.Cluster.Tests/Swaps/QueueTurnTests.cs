using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class QueueTurnTests
{
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(30);
    private static readonly ModelId Gemma = RepoId.Parse("google/gemma").Id;
    private static readonly ModelId Qwen = RepoId.Parse("Qwen/qwen").Id;
    private static readonly ModelId Oss = RepoId.Parse("openai/oss").Id;

    [Fact]
    public void An_empty_line_has_no_turn() => Decide([], Gemma, null).ShouldBe(new QueueTurn.Nobody());

    [Fact]
    public void The_first_begins_when_nothing_answers() => Decide([Job(1, Qwen), Job(2, Gemma)], null, null).ShouldBe(new QueueTurn.Begin(Id(1)));

    [Fact]
    public void A_wish_for_the_model_that_runs_is_fulfilled_whoever_is_before_it() =>
        Decide([Job(1, Qwen), Job(2, Gemma)], Gemma, TimeSpan.Zero).ShouldBe(new QueueTurn.Fulfilled(Id(2)));

    [Fact]
    public void A_model_that_just_came_up_stays_for_a_while() =>
        Decide([Job(1, Qwen)], Gemma, TimeSpan.FromSeconds(10)).ShouldBe(new QueueTurn.NotYet(Id(1), TimeSpan.FromSeconds(20)));

    [Fact]
    public void Its_stay_is_bounded() => Decide([Job(1, Qwen)], Gemma, Stay).ShouldBe(new QueueTurn.Begin(Id(1)));

    [Fact]
    public void A_model_that_runs_since_long_makes_way_at_once() => Decide([Job(1, Qwen)], Gemma, null).ShouldBe(new QueueTurn.Begin(Id(1)));

    [Fact]
    public void Wishes_for_one_model_are_expected_together_with_the_first_of_them() =>
        QueueTurn.Order([Job(1, Qwen), Job(2, Oss), Job(3, Gemma), Job(4, Qwen)], Gemma).Select(job => job.Id).ShouldBe([Id(3), Id(1), Id(4), Id(2)]);

    /// <summary>Whatever line and however long the stay: everybody's turn comes, each model is started once per group, and no wish for another model waits behind more than one stay per model.</summary>
    [Fact]
    public void Every_line_is_worked_off_in_the_expected_order_and_nobody_starves()
    {
        var lines = Gen.Elements(Gemma, Qwen, Oss).ListOf();
        Prop.ForAll(lines.ToArbitrary(), models =>
        {
            var waiting = models.Select((model, index) => Job(index + 1, model)).ToImmutableArray();
            var expected = QueueTurn.Order(waiting, Gemma).Select(job => job.Id).ToArray();
            var (running, stayed, starts, waits) = ((ModelId?)Gemma, (TimeSpan?)null, 0, 0);
            var done = new List<SwapJobId>();
            while (QueueTurn.Decide(waiting, running, stayed, Stay) is not QueueTurn.Nobody and var turn)
            {
                switch (turn)
                {
                    case QueueTurn.Fulfilled fulfilled:
                        Leave(fulfilled.Job);
                        break;
                    case QueueTurn.Begin begin:
                        running = waiting.First(job => job.Id == begin.Job).Model;
                        (stayed, starts) = (TimeSpan.Zero, starts + 1);
                        Leave(begin.Job);
                        break;
                    case QueueTurn.NotYet notYet:
                        stayed += notYet.Left;
                        waits++;
                        break;
                }
            }

            done.ShouldBe(expected);
            starts.ShouldBe(models.Where(model => model != Gemma).Distinct().Count());
            waits.ShouldBeLessThanOrEqualTo(starts);

            void Leave(SwapJobId id)
            {
                done.Add(id);
                waiting = waiting.RemoveAll(job => job.Id == id);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static QueueTurn Decide(ImmutableArray<SwapJob> waiting, ModelId? running, TimeSpan? stayed) => QueueTurn.Decide(waiting, running, stayed, Stay);

    private static SwapJobId Id(int number) => SwapJobId.Parse($"swap-{number}");

    private static SwapJob Job(int number, ModelId model) => new()
    {
        Id = Id(number),
        Lane = LaneId.Main,
        Kind = SwapKind.Swap,
        Model = model,
        ModelName = model.Value,
        State = SwapState.Queued,
        RequestedBy = "Alice",
        StartedAt = DateTimeOffset.UnixEpoch,
    };
}
