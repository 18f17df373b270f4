using Appliance.Cluster.Events;
using Appliance.TestKit.Time;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

public sealed class EventRestartTests
{
    private const int Total = 120;

    /// <summary>A reader that comes back with the last id it has, as a browser's EventSource does, over restarts and its own lost connections.</summary>
    [Fact]
    public async Task Reader_that_comes_back_misses_nothing_and_gets_nothing_twice_over_restarts()
    {
        using var appliance = new ApplianceRun();
        await appliance.InitializeAsync();
        var place = (await AppendAsync(appliance, 0)).Id;
        var seen = new List<string>();
        var random = new Random(3);

        for (var written = 0; written < Total;)
        {
            var batch = random.Next(1, 12);
            var writing = Task.Run(async () =>
            {
                for (var i = 0; i < batch; i++)
                {
                    await AppendAsync(appliance, written + i + 1);
                }
            });

            // Reads some of what is written meanwhile, and loses its connection.
            using var lost = new CancellationTokenSource();
            var upTo = seen.Count + random.Next(0, batch);
            try
            {
                await foreach (var item in EventReader.ReadAsync(appliance.Client, "/api/events", place, lost.Token))
                {
                    place = item.Id;
                    Take(item, seen);
                    if (seen.Count >= upTo)
                    {
                        await lost.CancelAsync();
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                lost.IsCancellationRequested.ShouldBeTrue();
            }

            await writing.DefaultTimeout();
            written += batch;
            if (random.Next(3) == 0)
            {
                await appliance.DisposeAsync();
                await appliance.InitializeAsync();
            }
        }

        var last = $"{(await AppendAsync(appliance, int.MaxValue)).Id}";
        using var end = new CancellationTokenSource();
        await foreach (var item in EventReader.ReadAsync(appliance.Client, "/api/events", place, end.Token))
        {
            if ($"{item.Id}" == last)
            {
                break;
            }

            Take(item, seen);
        }

        seen.ShouldBe(Enumerable.Range(1, seen.Count).Select(i => $"{i}"));
        seen.Count.ShouldBeGreaterThanOrEqualTo(Total);
        await appliance.DisposeAsync();
    }

    [Fact]
    public async Task Every_start_is_told_once_with_its_version()
    {
        using var appliance = new ApplianceRun();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        foreach (var starts in (int[])[1, 2])
        {
            await appliance.InitializeAsync();
            var told = appliance.Get<IEventLog>();
            await foreach (var happened in told.FollowAsync(0, limit.Token).Where(happened => happened.Type == EventTypes.ApplianceStarted).Take(starts))
            {
                happened.Details["version"].ShouldNotBeNullOrWhiteSpace();
            }

            (await told.ReadAsync(0, EventTypes.ApplianceStarted, 10, CancellationToken.None)).Length.ShouldBe(starts);
            await appliance.DisposeAsync();
        }
    }

    /// <summary>The test's own events are kept, those of the machines are not its business.</summary>
    private static void Take(StreamItem item, List<string> seen)
    {
        if (item.Type == EventTypes.StoreRecovered)
        {
            seen.Add(item.Data.GetProperty("sentence").GetString()!);
        }
    }

    private static Task<ApplianceEvent> AppendAsync(ApplianceRun appliance, int number) => appliance.Get<IEventLog>().AppendAsync(
        new ApplianceEvent { At = TimeProvider.System.GetUtcNow(), Type = EventTypes.StoreRecovered, Component = "tests", Sentence = $"{number}" }, CancellationToken.None);
}
