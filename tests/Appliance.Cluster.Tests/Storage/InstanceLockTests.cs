using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Storage;

public sealed class InstanceLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Second_holder_is_refused_until_the_first_lets_go()
    {
        var data = new DataDirectory(_folder.Path);
        using (InstanceLock.Take(data))
        {
            var refusal = Should.Throw<StoreException>(() => InstanceLock.Take(data));
            refusal.Fault.ShouldBe(StoreFault.InUse);
            refusal.Message.ShouldBe("Another appliance already uses this data directory.");
        }

        using var next = InstanceLock.Take(data);
    }

    [Fact]
    public async Task File_that_is_left_over_is_not_a_lock_and_then_names_the_new_owner()
    {
        var file = _folder.File("instance.lock");
        await File.WriteAllTextAsync(file, "4711000000\n");

        InstanceLock.Take(new DataDirectory(_folder.Path)).Dispose();

        (await File.ReadAllTextAsync(file)).ShouldBe($"{Environment.ProcessId}\n");
    }

    [Fact]
    public async Task Of_many_that_race_exactly_one_wins()
    {
        var data = new DataDirectory(_folder.Path);
        using var gate = new Barrier(8);

        var holders = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                gate.SignalAndWait();
                try
                {
                    return InstanceLock.Take(data);
                }
                catch (StoreException refusal) when (refusal.Fault == StoreFault.InUse)
                {
                    return null;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        holders.Count(holder => holder is not null).ShouldBe(1);
        holders.Single(holder => holder is not null)!.Dispose();
    }

    [Fact]
    public void Directory_that_is_not_there_is_refused_with_its_name()
    {
        var refusal = Should.Throw<StoreException>(() => InstanceLock.Take(new DataDirectory("/nowhere/at/all")));

        refusal.Fault.ShouldBe(StoreFault.NotWritable);
        refusal.Message.ShouldContain("/nowhere/at/all");
    }
}
