using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Storage;

public sealed class StorageFeatureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Second_appliance_on_the_same_directory_does_not_start_and_the_first_is_undisturbed()
    {
        using var first = Build();
        await first.StartAsync().DefaultTimeout();

        using (var second = Build())
        {
            var refusal = await Should.ThrowAsync<StoreException>(second.StartAsync().DefaultTimeout());
            refusal.Message.ShouldBe("Another appliance already uses this data directory.");
        }

        (await first.Services.GetRequiredService<Database>().ReadAsync(_ => 1, CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task Appliance_that_stopped_leaves_the_directory_to_the_next()
    {
        for (var i = 0; i < 2; i++)
        {
            using var host = Build();
            await host.StartAsync().DefaultTimeout();
            await host.StopAsync().DefaultTimeout();
        }

        File.Exists(_folder.File("appliance.db-wal")).ShouldBeFalse();
    }

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStorage(new DataDirectory(_folder.Path));
        return builder.Build();
    }
}
