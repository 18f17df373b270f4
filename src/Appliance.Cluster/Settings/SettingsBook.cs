using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Settings;

/// <summary>
/// The settings in force: the environment keys as they were at the start, and <c>app_settings.json</c> on top, which the page, the API and a person's editor
/// write. A bad file changes nothing but <see cref="Problems"/> and is never lost. Complete from construction on. Thread-safe.
/// </summary>
public sealed partial class SettingsBook : ISettings, IEditedFile, IDisposable
{
    private readonly SettingsLayers _layers;
    private readonly OperatorFile<SettingsFileReading> _file;
    private readonly IEventLog _events;
    private readonly Action<string> _learnSecret;
    private readonly TimeProvider _time;
    private readonly ILogger<SettingsBook> _logger;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly SettingsCell _cell;
    private readonly SettingValues _atStart;
    private volatile SettingsOverlay _overlay;

    internal SettingsBook(
        SettingsLayers layers, DataDirectory data, IEventLog events, Action<string> learnSecret, TimeProvider time, ILogger<SettingsBook> logger)
    {
        _layers = layers;
        _file = OperatorFile.OfSettings(data.Settings);
        _events = events;
        _learnSecret = learnSecret;
        _time = time;
        _logger = logger;
        AtomicFile.RemoveLeftovers(_file.Path);
        _overlay = SettingsStart.Load(layers, _file);
        KeepIfGood();
        WithoutFile = layers.Combine(ImmutableDictionary<string, string>.Empty);
        _atStart = layers.Combine(_overlay.Texts);
        LearnSecrets(_atStart);
        _cell = new SettingsCell(_atStart);
        Tell();
    }

    /// <summary>What can be set, in the order of declaration: the order of the page.</summary>
    public ImmutableArray<Setting> Settings => _layers.Settings;

    /// <inheritdoc/>
    public SettingValues Current => _cell.Current;

    /// <summary>The values as they would be without the file: environment and defaults.</summary>
    public SettingValues WithoutFile { get; }

    /// <inheritdoc/>
    public string FileName => Path.GetFileName(_file.Path);

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => _overlay.Problems;

    /// <summary>The settings whose value waits for the next start of the appliance.</summary>
    public ImmutableArray<Setting> WaitingForRestart => Differences(_atStart, Current, setting => setting.NeedsRestart);

    /// <summary>The setting of a key, in capitals as the environment spells it or in lower case; null for others.</summary>
    public Setting? Find(string key) => _layers.Find(key);

    /// <inheritdoc/>
    public Task<SettingValues> WaitForChangeAsync(SettingValues seen, CancellationToken cancellationToken) => _cell.WaitForChangeAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<Setting> changed;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            changed = LookAgain_NeedsTurn();
        }
        finally
        {
            _oneAtATime.Release();
        }

        await AppendEventAsync(changed, FileName, cancellationToken);
    }

    /// <summary>Everything that <see cref="SetAsync"/> would refuse now; empty when it would not.</summary>
    public ImmutableArray<SettingProblem> FindProblems(IReadOnlyDictionary<string, string?> changes) => _layers.Apply(changes, _overlay.Texts).Problems;

    /// <summary>
    /// Changes settings: all of them, or with one problem none. Keys are in capitals or in lower case; null puts one back to environment and default, an empty
    /// text means "not set" even against the environment. When this returns <see cref="SettingsOutcome.Done"/>, the change survives a power cut.
    /// </summary>
    /// <param name="changes">The texts as a person would type them, by key.</param>
    /// <param name="by">Who asks, for the event.</param>
    /// <param name="cancellationToken">Ends the waiting for other changes.</param>
    public async Task<SettingsOutcome> SetAsync(IReadOnlyDictionary<string, string?> changes, string by, CancellationToken cancellationToken)
    {
        SettingsOutcome outcome;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            outcome = await SetAsync_NeedsTurn(changes, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotStored(e);
            return new SettingsOutcome.NotStored($"{FileName} in the data folder could not be written, so nothing was changed. Is the disk full or the folder read-only?");
        }
        finally
        {
            _oneAtATime.Release();
        }

        if (outcome is SettingsOutcome.Done done)
        {
            await AppendEventAsync(done.Changed, by, cancellationToken);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<SettingsOutcome> SetAsync_NeedsTurn(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken)
    {
        // 1. What a person edited meanwhile is not lost.
        var edited = LookAgain_NeedsTurn();
        var overlay = _overlay;

        // 2. Everything that is wrong, at once.
        var (texts, named, problems) = _layers.Apply(changes, overlay.Texts);
        if (!problems.IsEmpty)
        {
            return new SettingsOutcome.Refused(problems);
        }

        // 3. The file first, then everybody who reads.
        var next = _layers.Combine(texts);
        var changed = Differences(Current, next, _ => true);
        var before = named.ToImmutableDictionary(setting => setting.Key, setting => overlay.Texts.GetValueOrDefault(setting.Key), StringComparer.Ordinal);
        if (overlay.Texts.Count == texts.Count && texts.All(pair => overlay.Texts.GetValueOrDefault(pair.Key) == pair.Value))
        {
            return new SettingsOutcome.Done(edited, before, KeptCopy: null);
        }

        LearnSecrets(next);
        var kept = KeepRefused();
        await AtomicFile.WriteAsync(
            _file.Path, SettingsFile.Write([.. texts.Select(pair => SettingsFile.EntryOf(Find(pair.Key)!, pair.Value)), .. overlay.Unknown]), cancellationToken);
        _ = Apply_NeedsTurn(_file.Take());
        return new SettingsOutcome.Done([.. changed.Union(edited)], before, kept);
    }

    /// <summary>What changed; empty when nothing did.</summary>
    private ImmutableArray<Setting> LookAgain_NeedsTurn() => _file.TryTakeChange(out var content) ? Apply_NeedsTurn(content) : [];

    private ImmutableArray<Setting> Apply_NeedsTurn(SettingsFileReading? content)
    {
        _overlay = content is null ? SettingsOverlay.Empty : _overlay.Then(_layers.Accept(content));
        KeepIfGood();
        Tell();
        var next = _layers.Combine(_overlay.Texts);
        var changed = Differences(Current, next, _ => true);
        if (!changed.IsEmpty)
        {
            LearnSecrets(next);
            _cell.Replace(next);
        }

        return changed;
    }

    private void KeepIfGood()
    {
        if (_overlay.IsRefused || !File.Exists(_file.Path))
        {
            return;
        }

        try
        {
            _file.KeepAsGood();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e);
        }
    }

    /// <summary>A file that nobody can read is somebody's work all the same: it gets another name before a good one takes its place.</summary>
    private string? KeepRefused()
    {
        if (!_overlay.IsRefused || !File.Exists(_file.Path))
        {
            return null;
        }

        var copy = string.Create(CultureInfo.InvariantCulture, $"{_file.Path}.refused-{_time.GetUtcNow():yyyyMMdd-HHmmss}");
        File.Copy(_file.Path, copy, overwrite: true);
        return Path.GetFileName(copy);
    }

    private ImmutableArray<Setting> Differences(SettingValues before, SettingValues after, Func<Setting, bool> counts) =>
        [.. Settings.Where(setting => counts(setting) && before.FindText(setting) != after.FindText(setting))];

    private void LearnSecrets(SettingValues values)
    {
        foreach (var secret in Settings.Where(setting => setting.IsSecret).Select(values.FindText).OfType<string>())
        {
            _learnSecret(secret);
        }
    }

    private async Task AppendEventAsync(ImmutableArray<Setting> changed, string by, CancellationToken cancellationToken)
    {
        if (changed.IsEmpty)
        {
            return;
        }

        var keys = string.Join(',', changed.Select(setting => setting.Name));
        LogChanged(keys, by);
        try
        {
            await _events.AppendAsync(SettingsEvents.Changed(changed, by, _time.GetUtcNow()), cancellationToken);
        }
        catch (StoreException e)
        {
            LogNoEvent(e);
        }
    }

    private void Tell()
    {
        if (_overlay.Problems is [var first, ..])
        {
            LogProblems(_overlay.Problems.Length, first);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Settings changed by {By}: {Keys}")]
    private partial void LogChanged(string keys, string by);

    [LoggerMessage(Level = LogLevel.Warning, Message = "app_settings.json: {Count} things to tell, what was good stays in force; the first: {Problem}")]
    private partial void LogProblems(int count, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "app_settings.json could not be written; the settings stay as they are")]
    private partial void LogNotStored(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last good copy of app_settings.json could not be written; after a restart a bad file would leave only environment and defaults")]
    private partial void LogNotKept(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Settings were changed, but the event that tells of it could not be stored")]
    private partial void LogNoEvent(Exception e);
}
