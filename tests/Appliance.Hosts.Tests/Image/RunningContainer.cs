namespace Appliance.Hosts.Tests.Image;

/// <summary>A container of the image under test.</summary>
internal sealed class RunningContainer(ApplianceImage image, string id, Uri address) : IDisposable
{
    private static readonly TimeSpan s_healthyLimit = TimeSpan.FromSeconds(60);

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(3),
    };

    public async Task<CommandResult> ExecAsync(params string[] command) => await image.DockerAsync(["exec", id, .. command]);

    public async Task<string> InspectAsync(string format) =>
        (await image.DockerAsync("inspect", "--format", format, id)).Succeeded();

    public async Task<CommandResult> StopAsync() => await image.DockerAsync("stop", "--time", "20", id);

    /// <summary>Waits for the image's own health check to say "healthy".</summary>
    public async Task BecomesHealthyAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await InspectAsync("{{.State.Health.Status}}") is var status && status != "healthy")
        {
            if (TimeProvider.System.GetElapsedTime(started) > s_healthyLimit || await InspectAsync("{{.State.Running}}") != "true")
            {
                var log = await image.DockerAsync("logs", id);
                throw new TimeoutException($"The container is {status}, {await InspectAsync("{{json .State}}")}:\n{log.All}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    public void Dispose() => Http.Dispose();
}
