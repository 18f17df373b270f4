namespace Appliance.Benchmarks.Uploads;

/// <summary>Remembers the most memory that was seen, looking every 50 ms.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<long> _read;
    private readonly Task<long> _loop;

    public MemoryWatch(Func<long> read)
    {
        _read = read;
        _loop = RunAsync();
    }

    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        return await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task<long> RunAsync()
    {
        var most = _read();
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(s_pause, TimeProvider.System);
            most = Math.Max(most, _read());
        }

        return most;
    }
}
