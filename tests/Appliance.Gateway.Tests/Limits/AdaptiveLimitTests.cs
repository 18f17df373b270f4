using Appliance.Gateway.Limits;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Limits;

public sealed class AdaptiveLimitTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void Grows_while_answers_stay_quick_and_the_limit_is_used()
    {
        var limit = AdaptiveLimit.Start;
        for (var i = 1; i <= 200; i++)
        {
            limit = limit.Learn(Quick, false, limit.Value, At(i), At(i + 0.2));
        }

        limit.Value.ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Learns_nothing_from_requests_that_are_nearly_alone()
    {
        var limit = AdaptiveLimit.Start;
        for (var i = 1; i <= 200; i++)
        {
            limit = limit.Learn(Quick, false, together: 1, At(i), At(i + 0.2));
        }

        limit.Value.ShouldBe(AdaptiveLimit.Start.Value);
    }

    [Fact]
    public void Slow_answers_lower_it_once_per_round_and_never_below_one()
    {
        var limit = AdaptiveLimit.Start.Learn(Quick, false, 1, At(1), At(1.2));
        var lowered = limit.Learn(TimeSpan.FromSeconds(2), false, 4, At(2), At(4));
        lowered.Value.ShouldBe(3);
        lowered.Learn(TimeSpan.FromSeconds(2), false, 4, At(3), At(5)).ShouldBe(lowered, "it began before the decrease");

        for (var i = 10; i < 200; i++)
        {
            lowered = lowered.Learn(null, wasOverload: true, 4, At(i), At(i + 0.5));
        }

        lowered.Value.ShouldBe(1);
    }

    [Fact]
    public void Requests_that_failed_for_other_reasons_teach_nothing()
    {
        AdaptiveLimit.Start.Learn(null, false, 4, At(1), At(2)).ShouldBe(AdaptiveLimit.Start);
    }

    /// <summary>A server that does <paramref name="capacity"/> at a time without getting slower, and beyond that shares its speed among all; 64 callers who ask at once again.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(24)]
    public void Finds_the_knee_of_a_server_and_keeps_its_speed(int capacity)
    {
        var random = new Random(capacity);
        var limit = AdaptiveLimit.Start;
        var running = new PriorityQueue<(TimeSpan Began, int Together), TimeSpan>();
        var now = At(0);
        var done = 0;
        var values = new List<int>();
        while (now < At(600))
        {
            while (running.Count < limit.Value && running.Count < 64)
            {
                var together = running.Count + 1;
                var takes = Quick * Math.Max(1, together / (double)capacity) * (0.9 + (0.2 * random.NextDouble()));
                running.Enqueue((now, together), now + takes);
            }

            running.TryDequeue(out var request, out now);
            limit = limit.Learn(now - request.Began, false, request.Together, request.Began, now);
            if (now > At(300))
            {
                done++;
                values.Add(limit.Value);
            }
        }

        values.Average().ShouldBeInRange(capacity * 0.9, (capacity * 2.5) + 1);
        var best = 300 / Quick.TotalSeconds * capacity;
        done.ShouldBeGreaterThan((int)(best * 0.9));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
