namespace Appliance.Health;

/// <summary>The background loops of this process.</summary>
internal sealed class Loops(IEnumerable<IHostedService> services)
{
    private readonly BackgroundService[] _loops = [.. services.OfType<BackgroundService>()];

    /// <summary>Those that ended by an exception: they do not come back by themselves.</summary>
    public IReadOnlyList<string> FindBroken() =>
        [.. _loops.Where(loop => loop.ExecuteTask is { IsFaulted: true }).Select(loop => $"{loop.GetType().Name} has stopped by a mistake.")];
}
