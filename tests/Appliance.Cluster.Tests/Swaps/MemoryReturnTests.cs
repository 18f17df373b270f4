using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class MemoryReturnTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private DemoCluster _demo = null!;

    public async Task InitializeAsync() => _demo = await DemoCluster.StartAsync(new DemoOptions { Speed = 1 }, _clock, CancellationToken.None);

    public async Task DisposeAsync() => await _demo.DisposeAsync();

    [Fact]
    public async Task Memory_that_is_free_and_stands_still_is_back_after_a_second_look()
    {
        (await AwaitAsync(share: "0.3", isLastResort: false)).ShouldBe(new SwapInput.MemoryBack(null));

        _demo.Ran.Count(ran => ran.Command.Script?.Name == "host-facts").ShouldBe(2);
    }

    [Fact]
    public async Task Memory_that_does_not_come_back_is_told_with_its_numbers_after_the_deadline()
    {
        var begin = _clock.GetTimestamp();

        var failure = (await AwaitAsync(share: "0.9", isLastResort: false)).ShouldBeOfType<SwapInput.MemoryShort>().Failure;

        failure.Code.ShouldBe("memory_not_back");
        failure.Message.ShouldStartWith("Only ");
        failure.Message.ShouldContain("118 GB");
        _clock.GetElapsedTime(begin).ShouldBeGreaterThan(SwapTimes.MemoryDeadline);
    }

    [Fact]
    public async Task The_model_that_ran_before_is_started_even_when_memory_is_missing_and_that_is_remarked() =>
        (await AwaitAsync(share: "0.9", isLastResort: true)).ShouldBeOfType<SwapInput.MemoryBack>().Remark!.ShouldContain("did not come back");

    [Fact]
    public async Task A_machine_that_does_not_tell_its_memory_is_not_waited_for()
    {
        await _demo.SwitchAsync(new DemoFaults { Offline = [HostId.Parse("spark-1")] });

        (await AwaitAsync(share: "0.9", isLastResort: false)).ShouldBe(new SwapInput.MemoryBack(null));
    }

    private async Task<SwapInput> AwaitAsync(string share, bool isLastResort)
    {
        var repo = RepoId.Parse("google/gemma-4-26B-A4B-it");
        var target = new SwapTarget(repo.Id, "Gemma 4 26B", new Recipe
        {
            Repo = repo,
            Name = "Gemma 4 26B",
            ServedName = repo.ToString(),
            Placement = RecipePlacement.Solo,
            Source = RecipeSource.Catalog,
            Capabilities = [],
            Arguments = ["--gpu-memory-utilization", share],
        });
        var waiting = new MemoryReturn(_demo.Shell, _clock).AwaitAsync(_demo.Definition, [HostId.Parse("spark-1")], target, isLastResort, CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            _clock.AdvanceToNextTimer(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        return await waiting;
    }
}
