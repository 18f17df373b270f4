using System.Collections.Immutable;
using Appliance.Cluster.View;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Settings;

/// <summary>
/// Looks every few seconds at the files that a person may edit, and shows on the page what is wrong with them. Thread-safe: a person may ask for a look
/// meanwhile.
/// </summary>
public sealed partial class ConfigurationWatch(IEnumerable<IEditedFile> files, ClusterView view, TimeProvider time, ILogger<ConfigurationWatch> logger) : BackgroundService
{
    /// <summary>How often the files' time stamps are looked at: soon enough for somebody who saves in an editor and looks at the page.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    private readonly ImmutableArray<IEditedFile> _files = [.. files];

    /// <summary>The files.</summary>
    public ImmutableArray<IEditedFile> Files => _files;

    /// <summary>Looks now. A file that cannot be looked at is logged and stays as it is.</summary>
    public async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var file in _files)
        {
            try
            {
                await file.LookAgainAsync(cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotLookedAt(e, file.FileName);
            }
        }

        Show();
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Show();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(LookEvery, time, stoppingToken);
            await LookAgainAsync(stoppingToken);
        }
    }

    private void Show() => view.Update(snapshot =>
    {
        var notes = _files.Where(file => !file.Problems.IsEmpty).Select(NoteOn).ToImmutableArray();
        return notes.AsSpan().SequenceEqual(snapshot.Configuration.AsSpan()) ? snapshot : snapshot with { Configuration = notes };
    });

    private static Attention NoteOn(IEditedFile file)
    {
        var problems = file.Problems;
        var more = problems.Length > 1 ? $" There {(problems.Length == 2 ? "is one more" : $"are {problems.Length - 1} more")}." : "";
        return new Attention(
            $"{file.FileName} has something to mend",
            problems[0] + more,
            "What was good before stays in force. Mend the file in the data folder; it is read again within seconds.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} could not be looked at; what is in force stays")]
    private partial void LogNotLookedAt(Exception e, string file);
}
