using System.Collections.Immutable;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Time;
using Appliance.TestKit.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

/// <summary>I-6 with everything real but the machines: engine, store, loop, sockets, and a control plane that is stopped in the middle again and again.</summary>
public sealed class FiftySwapsTests
{
    private const int Swaps = 50;

    private static readonly string[] Models = ["google/gemma-4-26B-A4B-it", "RedHatAI/Qwen3.6-35B-A3B-NVFP4"];

    [Fact]
    public async Task Every_ended_job_is_told_with_exactly_one_id_whatever_is_restarted_meanwhile()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer(HookReceiver.Status(500), HookReceiver.Status(302));
        var settings = new ChangingSettings();
        settings.Set(receiver.Address.AbsoluteUri, OutboxRig.Secret);
        await using var rig = await ClusterRig.StartAsync(configure: services => services.AddSingleton<ISettings>(settings).AddWebhooks());
        await rig.WhenReadyAsync();
        var random = new Random(6);
        var jobs = new List<SwapJobId>();

        while (jobs.Count < Swaps)
        {
            var job = await BeginAsync(rig);
            jobs.Add(job);
            if (random.Next(6) == 0)
            {
                await rig.Swaps.CancelAsync(job, LanePass.None, "Alice", CancellationToken.None).DefaultTimeout();
            }

            if (random.Next(6) == 0)
            {
                await rig.StartAgainAsync();
                await rig.WhenReadyAsync();
            }

            await rig.EndedAsync(job);
        }

        // Once more between the last end and its message.
        await rig.StartAgainAsync();
        var outbox = rig.Get<WebhookOutbox>();
        await EmptyAsync(outbox).DefaultTimeout();

        var entries = await outbox.ReadNewestAsync(1000, CancellationToken.None);
        var expected = jobs.Select(job => WebhookId.Of(job).Value).Order(StringComparer.Ordinal).ToImmutableArray();
        entries.Select(entry => entry.Id.Value).Order(StringComparer.Ordinal).ShouldBe(expected);
        entries.ShouldAllBe(entry => entry.State == WebhookState.Delivered);
        receiver.Received.Select(hook => hook.Id).Distinct().Order(StringComparer.Ordinal).ShouldBe(expected);
        foreach (var repeats in receiver.Received.GroupBy(hook => hook.Id))
        {
            repeats.Select(hook => hook.Text).Distinct().Count().ShouldBe(1);
        }

        foreach (var job in jobs)
        {
            var ended = (await rig.Swaps.FindAsync(job, CancellationToken.None))!;
            var told = receiver.Received.First(hook => hook.Id == WebhookId.Of(job).Value).Json;
            told.GetProperty("event").GetString().ShouldBe(ended.State == SwapState.Live ? "swap_complete" : "swap_failed");
            told.GetProperty("epoch").GetInt64().ShouldBe(ended.Epoch);
        }
    }

    /// <summary>Whichever of the two does not run; asked for until the machines were looked at after a restart.</summary>
    private static async Task<SwapJobId> BeginAsync(ClusterRig rig)
    {
        return await AskAsync().DefaultTimeout();

        async Task<SwapJobId> AskAsync()
        {
            for (var i = 0; ; i++)
            {
                var outcome = await rig.Swaps.RequestAsync(new SwapRequest { Model = Models[i % 2], RequestedBy = "Bob" }, CancellationToken.None);
                if (outcome is SwapOutcome.Accepted accepted)
                {
                    return accepted.Job.Id;
                }
            }
        }
    }

    private static async Task EmptyAsync(WebhookOutbox outbox)
    {
        while (await outbox.CountAsync(WebhookState.Pending, CancellationToken.None) > 0)
        {
            await Task.Yield();
        }
    }
}
