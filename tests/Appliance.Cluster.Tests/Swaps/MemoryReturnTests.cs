using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
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

    [Fact]
    public async Task A_machine_whose_answer_got_lost_is_asked_again()
    {
        var shell = new LosingShell(_demo.Shell, lost: 3);

        (await AwaitAsync(share: "0.3", isLastResort: false, shell)).ShouldBe(new SwapInput.MemoryBack(null));

        _demo.Ran.Count(ran => ran.Command.Script?.Name == "host-facts").ShouldBe(2);
    }

    private async Task<SwapInput> AwaitAsync(string share, bool isLastResort, IHostShell? shell = null)
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
        var waiting = new MemoryReturn(shell ?? _demo.Shell, _clock).AwaitAsync(_demo.Definition, [HostId.Parse("spark-1")], target, isLastResort, CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            _clock.AdvanceToNextTimer(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        return await waiting;
    }

    /// <summary>Loses the first answers.</summary>
    private sealed class LosingShell(IHostShell shell, int lost) : IHostShell
    {
        private int _lost = lost;

        public Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken) => _lost-- > 0
            ? Task.FromResult<ShellOutcome>(new ShellOutcome.Unknown(new HostFault(HostFaultKind.ConnectionLost, "The connection broke.")))
            : shell.RunAsync(host, command, cancellationToken);

        public Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken) =>
            shell.FollowAsync(host, command, onLine, cancellationToken);

        public Task<RunLook> LookAtRunAsync(HostId host, RunId run, CancellationToken cancellationToken) => shell.LookAtRunAsync(host, run, cancellationToken);

        public Task<EpochLook> ReadEpochAsync(HostId host, string scope, CancellationToken cancellationToken) => shell.ReadEpochAsync(host, scope, cancellationToken);
    }
}
