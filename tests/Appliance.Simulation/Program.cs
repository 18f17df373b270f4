using System.Diagnostics;
using System.Globalization;
using Appliance.Simulation.Mistakes;

namespace Appliance.Simulation;

/// <summary>
/// <c>make simulate</c>: so many lives from a seed on, with news every ten seconds. One life alone is told line by line.
/// </summary>
internal static class Program
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static async Task<int> Main(string[] arguments)
    {
        var count = Read(arguments, 0, 10_000);
        var first = Read(arguments, 1, 1);
        return count == 1 ? Tell(first) : await LiveAsync(first, count);
    }

    private static async Task<int> LiveAsync(int first, int count)
    {
        var campaign = new Campaign(first, count);
        var begin = Stopwatch.StartNew();
        var running = Task.Factory.StartNew(campaign.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var news = new PeriodicTimer(Pause);
        while (await Task.WhenAny(running, news.WaitForNextTickAsync().AsTask()) != running)
        {
            Console.WriteLine($"{campaign.Done:N0} of {count:N0} lives, {campaign.Done / begin.Elapsed.TotalSeconds:0} a second, {campaign.Covered:P1} of state × fault, no rule broken");
        }

        await running;
        Console.WriteLine(campaign.Coverage);
        if (campaign.Broken is { } broken)
        {
            Console.WriteLine($"{broken.Message}\nThe whole life again: make simulate N=1 SEED={broken.Seed}");
            return 1;
        }

        Console.WriteLine($"No rule broken in {begin.Elapsed:hh\\:mm\\:ss}.");
        return 0;
    }

    private static int Tell(int seed)
    {
        using var schedule = new Schedule(seed, Mistake.None);
        try
        {
            schedule.Run();
            Console.WriteLine(string.Join('\n', schedule.Trace));
            return 0;
        }
        catch (InvariantException broken)
        {
            Console.WriteLine(broken.Message);
            return 1;
        }
    }

    private static int Read(string[] arguments, int place, int usual) =>
        arguments.Length > place && int.TryParse(arguments[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : usual;
}
