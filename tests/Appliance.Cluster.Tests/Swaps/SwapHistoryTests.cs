using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

/// <summary>What is kept of changes: logs, estimates, every update.</summary>
public sealed class SwapHistoryTests : RigTests
{
    [Fact]
    public async Task What_a_model_wrote_before_it_was_stopped_is_kept_with_the_job_that_started_it_and_with_the_one_that_stopped_it()
    {
        var first = await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        var second = await _rig.EndedAsync(await _rig.AcceptedAsync(Qwen));

        var ofFirst = (await _rig.Swaps.ReadServerLogsAsync(first.Id, CancellationToken.None)).Single(log => log.StartedBy == first.Id);
        ofFirst.StoppedBy.ShouldBe(second.Id);
        ofFirst.Lines.ShouldContain(line => line.Contains("Application startup complete"));
        (await _rig.Swaps.ReadServerLogsAsync(second.Id, CancellationToken.None)).ShouldHaveSingleItem().StartedBy.ShouldBe(first.Id);
    }

    [Fact]
    public async Task An_estimate_is_earned_by_a_start()
    {
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        await _rig.EndedAsync(await _rig.AcceptedAsync(Qwen));

        var plan = (await _rig.Swaps.PlanAsync(new SwapRequest { Model = Gemma, RequestedBy = "Alice" }, CancellationToken.None))
            .ShouldBeOfType<SwapOutcome.Planned>().Plan;

        plan.Estimate!.Samples.ShouldBe(1);
    }

    [Fact]
    public async Task The_first_start_of_a_new_image_is_said_to_take_longer_and_is_not_promised_the_time_of_later_ones()
    {
        const string other = "RedHatAI/Qwen3.6-35B-A3B-NVFP4";
        await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma));
        await _rig.EndedAsync(await _rig.AcceptedAsync(other));
        (await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma))).Remarks.ShouldBeEmpty();
        await _rig.EndedAsync(await _rig.AcceptedAsync(other));

        _rig.Demo.PullImages("sha256:another");

        (await _rig.EndedAsync(await _rig.AcceptedAsync(Gemma))).Remarks.ShouldHaveSingleItem().ShouldStartWith("The image is another one than at the last start of this model");
        var gemma = RepoId.Parse(Gemma).Id;
        (await _rig.Swaps.ReadRecentAsync(gemma, 10, CancellationToken.None)).Select(job => job.State).ShouldBe([SwapState.Live, SwapState.Live, SwapState.Live]);
        (await _rig.Swaps.ReadEstimatesAsync(CancellationToken.None))[gemma].Samples.ShouldBe(1, "two of its three starts were the first of an image");
    }

    [Fact]
    public async Task The_updates_of_a_job_are_numbered_without_gaps_and_can_be_read_again_from_the_middle()
    {
        var job = await _rig.AcceptedAsync(Gemma);
        var all = await ReadAsync(job.Id, 0);
        var rest = await ReadAsync(job.Id, all[2].Number);

        all.Select(update => update.Number).ShouldBe(Enumerable.Range(1, all.Count).Select(number => (long)number));
        all.OfType<SwapUpdate.Changed>().Last().Job.State.ShouldBe(SwapState.Live);
        rest.Select(update => update.Number).ShouldBe(all.Skip(3).Select(update => update.Number));
    }

    private async Task<List<SwapUpdate>> ReadAsync(SwapJobId job, long after)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var updates = new List<SwapUpdate>();
        await foreach (var update in _rig.Swaps.FollowAsync(job, after, limit.Token))
        {
            updates.Add(update);
        }

        return updates;
    }
}
