using System.Collections.Immutable;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

public sealed class ConfigurationWatchTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly EditedFile _recipes = new("models.yaml");
    private readonly EditedFile _settings = new("app_settings.json");
    private readonly ClusterView _view;
    private readonly ConfigurationWatch _watch;

    public ConfigurationWatchTests()
    {
        _view = new ClusterView(new FixedTopology(ClusterDefinition.Empty), _clock);
        _watch = new ConfigurationWatch([_recipes, _settings], _view, _clock, NullLogger<ConfigurationWatch>.Instance);
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task What_is_to_be_mended_is_on_the_page_until_it_is_mended()
    {
        _settings.Problems = ["Line 3, column 5: a.", "Line 4, column 5: b."];

        await _watch.StartAsync(CancellationToken.None);
        var note = _view.Current.Attention.ShouldHaveSingleItem();
        (note.Title, note.Message).ShouldBe(("app_settings.json has something to mend", "Line 3, column 5: a. There is one more."));

        _settings.Next = [];
        await WaitForTimerAsync();
        _clock.Advance(ConfigurationWatch.LookEvery);
        await WaitForTimerAsync();
        _view.Current.Attention.ShouldBeEmpty();
        await _watch.StopAsync(CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task File_that_cannot_be_looked_at_does_not_hide_the_others()
    {
        _recipes.Fault = new IOException("no");
        _settings.Next = ["Line 1, column 1: x."];

        await _watch.LookAgainAsync(CancellationToken.None);

        _view.Current.Attention.ShouldHaveSingleItem();
    }

    private async Task WaitForTimerAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_clock.PendingTimers == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class EditedFile(string name) : IEditedFile
    {
        public string FileName => name;

        public ImmutableArray<string> Problems { get; set; } = [];

        public ImmutableArray<string>? Next { get; set; }

        public IOException? Fault { get; set; }

        public Task LookAgainAsync(CancellationToken cancellationToken)
        {
            Problems = Next ?? Problems;
            return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
        }
    }
}
