using System.Threading.Channels;
using Appliance.Events;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

public sealed class EventStreamTests
{
    [Fact]
    public async Task Quiet_stream_says_that_it_is_still_there_and_ends_with_the_appliance()
    {
        var clock = new ManualClock();
        var source = Channel.CreateUnbounded<StreamEvent>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        await using var app = builder.Build();
        app.MapGet("/", () => new EventStream(cancellationToken => source.Reader.ReadAllAsync(cancellationToken)));
        await app.StartAsync().DefaultTimeout();
        using var client = new HttpClient();
        await using var stream = await client.GetStreamAsync(new Uri(app.Urls.First())).DefaultTimeout();
        using var reader = new StreamReader(stream);

        (await reader.ReadLineAsync().DefaultTimeout()).ShouldStartWith(":");
        await reader.ReadLineAsync().DefaultTimeout();
        while (clock.PendingTimers == 0)
        {
            await Task.Yield();
        }

        clock.Advance(EventStream.Heartbeat);
        (await reader.ReadLineAsync().DefaultTimeout()).ShouldStartWith(":");
        await reader.ReadLineAsync().DefaultTimeout();

        source.Writer.TryWrite(new StreamEvent(7, "thing", new { a = "x\ny" })).ShouldBeTrue();
        (await reader.ReadLineAsync().DefaultTimeout()).ShouldBe("id: 7");
        (await reader.ReadLineAsync().DefaultTimeout()).ShouldBe("event: thing");
        (await reader.ReadLineAsync().DefaultTimeout()).ShouldBe("""data: {"a":"x\ny"}""");
        await reader.ReadLineAsync().DefaultTimeout();

        var stopping = app.StopAsync();
        (await reader.ReadLineAsync().DefaultTimeout()).ShouldBeNull();
        await stopping.DefaultTimeout();
    }
}
