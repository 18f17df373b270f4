using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Mistakes;
using Appliance.Simulation.Rules;
using Appliance.Simulation.Running;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Simulation;

/// <summary>One appliance with its folder, over all its lives, and the rules that it has to keep.</summary>
internal sealed class Site : IDisposable
{
    private static readonly string[] Tables = ["events", "swap_jobs", "swap_logs", "server_logs", "webhooks", "reservations", "quoting_proofs", "lane_records", "automatic_starts", "settling"];

    // The engine takes a token of the last two seconds; writing and telling come on top.
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(4);

    private readonly Pump _pump;
    private readonly Home _home;
    private readonly Random _random;
    private readonly Mistake _mistake;
    private readonly Action<string> _fail;
    private readonly FixedSettings _settings = new();
    private readonly DataDirectory _data = Template.Unpack();
    private readonly SqliteConnection _file;
    private readonly JournalView _journal;
    private readonly StoreRules _store;
    private readonly ViewRules _view;
    private readonly List<long> _heard = [];
    private Task _following = Task.CompletedTask;
    private TimeSpan _wokeAt;
    private bool _refuses;
    private long _toldBefore;

    public Site(Pump pump, Home home, Random random, Mistake mistake, Action<string> fail, Action<string> note)
    {
        (_pump, _home, _random, _mistake, _fail) = (pump, home, random, mistake, fail);
        _file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _data.Database, Pooling = false }.ToString());
        _file.Open();
        Planted.Spoil(mistake, _file);
        _journal = new JournalView(_file);
        _store = new StoreRules(_journal, fail);
        _view = new ViewRules(home, pump, fail);
        Commands = new CommandRules(home, _journal, pump, fail, note);
        Locks = new LockRules(fail);
        Callers = new Callers(home, pump, Locks, fail, note);
    }

    /// <summary>The life that it leads now; null while it is off.</summary>
    public Life? Life { get; private set; }

    public CommandRules Commands { get; }

    public LockRules Locks { get; }

    public Callers Callers { get; }

    /// <summary>Starts it.</summary>
    public void Start(IWatcher? watcher = null)
    {
        _view.Begin();
        Commands.Begin();
        _toldBefore = _journal.Count("SELECT coalesce(max(id), 0) FROM events");
        Life = new Life(_pump, _home, _data, Template.Menu, _settings, _random, _mistake, watcher ?? Commands);
        Life.Place.Post(() => _following = FollowAsync(Life));
    }

    /// <summary>Kills it: whatever it was doing, its file has to be right.</summary>
    public void Kill()
    {
        if (Life is null)
        {
            return;
        }

        Life.Kill();
        Life = null;
        Locks.Killed(_pump.Now);
        _store.Check();
    }

    /// <summary>It was stopped and goes on.</summary>
    public void Wake()
    {
        _wokeAt = _pump.Now;
        Life!.Place.Wake();
    }

    /// <summary>From now on its disk takes nothing, or everything again. Every write ends with SQLite's "the disk is full", and changes nothing.</summary>
    public void RefuseWrites(bool refuses)
    {
        if (_refuses == refuses)
        {
            return;
        }

        _refuses = refuses;
        if (refuses)
        {
            // SQLite says "full" when the largest number is taken: https://sqlite.org/autoinc.html
            _file.Execute("CREATE TABLE full (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO full VALUES (9223372036854775807)");
        }

        foreach (var table in Tables)
        {
            foreach (var way in (string[])["INSERT", "UPDATE"])
            {
                _file.Execute(refuses
                    ? $"CREATE TRIGGER refuse_{way}_{table} BEFORE {way} ON {table} BEGIN INSERT INTO full (id) VALUES (NULL); END"
                    : $"DROP TRIGGER refuse_{way}_{table}");
            }
        }

        if (!refuses)
        {
            _file.Execute("DROP TABLE full");
        }
    }

    /// <summary>A second process on the same folder is refused.</summary>
    public void StartSecondInstance()
    {
        try
        {
            InstanceLock.Take(_data).Dispose();
        }
        catch (StoreException refused) when (refused.Fault == StoreFault.InUse)
        {
            return;
        }

        if (Life is not null)
        {
            _fail("a folder belongs to one process");
        }
    }

    /// <summary>Looks at what it shows; the jobs that have ended since.</summary>
    public IEnumerable<SwapJob> Look()
    {
        if (Life is not { IsUp: true, Place.IsAsleep: false } life)
        {
            return [];
        }

        var snapshot = life.View.Current;
        if (_pump.Now - _wokeAt > TimeSpan.FromSeconds(30) || _wokeAt == default)
        {
            _view.LookAtServing(snapshot);
        }

        Locks.Look(snapshot, _pump.Now);
        return _view.Look(snapshot);
    }

    /// <summary>Whether every job has ended, those too that nobody asked for.</summary>
    public bool HasEnded => _journal.Count("SELECT count(*) FROM swap_jobs WHERE ended_at IS NULL") == 0 && Callers.Accepted.All(job => _journal.Find(job.Value) is { EndedAt: not null });

    /// <summary>When all faults are over and time has passed.</summary>
    public void CheckAtRest(bool isRest)
    {
        foreach (var broken in Life!.Broken.Append(_following.Exception))
        {
            if (broken is not null)
            {
                _fail($"no loop ends by a mistake: {broken}");
            }
        }

        foreach (var job in Callers.Accepted.Where(job => _journal.Find(job.Value) is not { EndedAt: not null }))
        {
            _fail($"every accepted job ends when the faults stop, and {job} does not");
        }

        if (_journal.Count("SELECT count(*) FROM swap_jobs WHERE ended_at IS NULL") != 0)
        {
            _fail("every job ends when the faults stop");
        }

        _store.Check();
        if (isRest)
        {
            _view.LookAtTruth(Life.View.Current);
        }

        var events = _journal.Count("SELECT coalesce(max(id), 0) FROM events");
        if (!_heard.SequenceEqual(Enumerable.Range(1, (int)events).Select(id => (long)id)))
        {
            _fail("who follows the events gets every one, once and in order");
        }

        Locks.CheckSecrets(ReadFile());
    }

    public void Dispose()
    {
        Life?.Kill();
        _file.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }

    // A program that follows the events and comes back with the last id that it heard.
    private async Task FollowAsync(Life life)
    {
        await foreach (var happened in life.Events.FollowAsync(_heard.LastOrDefault(), CancellationToken.None))
        {
            _heard.Add(happened.Id);
            if (happened is { Type: EventTypes.SwapComplete, CorrelationId: { } job } && happened.Id > _toldBefore && _journal.FindUnlaunched(job) is { } waited)
            {
                LookAtWaited(LaneId.Parse(waited.Lane), waited.ServedName);
            }
        }
    }

    /// <summary>Who waited and is told that the model runs is told so when it has just made a token.</summary>
    private void LookAtWaited(LaneId lane, string model)
    {
        var token = _home.FindPort(lane)?.FindLastToken(model);
        if (!(_pump.Now - token <= JustNow) && (_wokeAt == default || _pump.Now - _wokeAt > JustNow))
        {
            _fail($"a wish that waited is fulfilled by a model that has just made a token, and {model} made its last one at {token}");
        }
    }

    private byte[] ReadFile() => [.. File.ReadAllBytes(_data.Database), .. File.Exists(_data.Database + "-wal") ? Read(_data.Database + "-wal") : []];

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
