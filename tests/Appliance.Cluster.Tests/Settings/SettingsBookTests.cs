using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Appliance.Cluster.Events;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

/// <summary>F-29, T-15, T-39: what a person or a program sets is in force or told, never half, never lost, never shown when it is a secret.</summary>
public sealed class SettingsBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingEvents _events = new();
    private readonly List<string> _learned = [];

    private DataDirectory Data => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Change_is_in_force_at_once_readable_in_the_file_and_there_after_a_restart()
    {
        var book = Open(("HOLD_SECONDS", "15"));
        book.Current.Get(Samples.Hold).ShouldBe(15);

        var done = (await SetAsync(book, ("hold_seconds", "30"), ("AUTO_SWAP", "yes"), ("spark1_host", "192.0.2.11"))).ShouldBeOfType<SettingsOutcome.Done>();

        done.Changed.Select(setting => setting.Name).ShouldBe(["hold_seconds", "auto_swap", "spark1_host"]);
        book.Current.Get(Samples.Hold).ShouldBe(30);
        book.Current.SourceOf(Samples.Hold).ShouldBe(SettingSource.File);
        book.WaitingForRestart.ShouldBe([Samples.Host]);
        File.ReadAllText(Data.Settings).ShouldBe("{\n  \"auto_swap\": true,\n  \"hold_seconds\": 30,\n  \"spark1_host\": \"192.0.2.11\"\n}\n");
        File.GetUnixFileMode(Data.Settings).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var again = Open(("HOLD_SECONDS", "15"));
        again.Current.Get(Samples.Hold).ShouldBe(30);
        again.Current.Get(Samples.Auto).ShouldBeTrue();
        again.WaitingForRestart.ShouldBeEmpty();
    }

    [Fact]
    public async Task Null_puts_a_key_back_and_an_empty_text_overrules_the_environment()
    {
        var book = Open(("HOLD_SECONDS", "15"), ("SPARK1_HOST", "192.0.2.11"));
        await SetAsync(book, ("hold_seconds", "30"), ("spark1_host", ""));

        book.Current.Get(Samples.Host).ShouldBeNull();
        book.Current.SourceOf(Samples.Host).ShouldBe(SettingSource.File);
        Open(("SPARK1_HOST", "192.0.2.11")).Current.Get(Samples.Host).ShouldBeNull();
        (await SetAsync(book, ("hold_seconds", ""))).ShouldBeOfType<SettingsOutcome.Refused>();

        await SetAsync(book, ("hold_seconds", null), ("spark1_host", null));

        book.Current.Get(Samples.Hold).ShouldBe(15);
        book.Current.Get(Samples.Host).ShouldBe("192.0.2.11");
        File.ReadAllText(Data.Settings).ShouldBe("{}\n");
    }

    [Fact]
    public async Task With_one_bad_value_all_are_told_and_nothing_changes()
    {
        var book = Open();
        await SetAsync(book, ("hold_seconds", "30"));
        var before = File.ReadAllText(Data.Settings);

        var refused = (await SetAsync(book, ("hold_seconds", "-1"), ("auto_swap", "on"), ("swap_webhook_url", "ftp://x"), ("hold_secnds", "5"))).ShouldBeOfType<SettingsOutcome.Refused>();

        refused.Problems.Select(problem => problem.Key).ShouldBe(["HOLD_SECONDS", "SWAP_WEBHOOK_URL", "hold_secnds"], ignoreOrder: true);
        book.Current.Get(Samples.Auto).ShouldBeFalse();
        File.ReadAllText(Data.Settings).ShouldBe(before);
    }

    [Fact]
    public async Task What_does_not_go_together_is_refused_on_every_way_in()
    {
        var book = Open();

        var refused = (await SetAsync(book, ("swap_webhook_url", "http://192.0.2.20/"))).ShouldBeOfType<SettingsOutcome.Refused>();
        refused.Problems.ShouldHaveSingleItem().Key.ShouldBe("SWAP_WEBHOOK_SECRET");

        Write("{\n  \"swap_webhook_url\": \"http://192.0.2.20/\"\n}");
        await book.LookAgainAsync(CancellationToken.None);
        book.Current.Get(Samples.Hook).ShouldBeNull();
        book.Problems.ShouldHaveSingleItem().ShouldContain("SWAP_WEBHOOK_SECRET is needed");

        Start(("SWAP_WEBHOOK_URL", "http://192.0.2.20/")).Problems.ShouldHaveSingleItem().ShouldStartWith("SWAP_WEBHOOK_SECRET");
        Write("""{"swap_webhook_secret": "a-long-word"}""");
        Start(("SWAP_WEBHOOK_URL", "http://192.0.2.20/")).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Edited_file_is_taken_and_a_bad_edit_changes_nothing_but_the_problems()
    {
        var book = Open();
        Write("""{"hold_seconds": 30}""");
        await book.LookAgainAsync(CancellationToken.None);
        book.Current.Get(Samples.Hold).ShouldBe(30);

        Write("""{"hold_seconds": 30, "auto_swap": "perhaps"}""");
        await book.LookAgainAsync(CancellationToken.None);
        book.Current.Get(Samples.Hold).ShouldBe(30);
        book.Problems.ShouldHaveSingleItem().ShouldStartWith("Line 1, column 22: AUTO_SWAP is on or off");

        File.Delete(Data.Settings);
        await book.LookAgainAsync(CancellationToken.None);
        book.Current.Get(Samples.Hold).ShouldBe(60);
        book.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_restart_with_a_bad_file_the_last_good_values_are_in_force()
    {
        await SetAsync(Open(), ("hold_seconds", "30"), ("swap_webhook_secret", "a-long-word"));
        Write("{\"hold_seconds\": ");

        var book = Open();

        book.Current.Get(Samples.Hold).ShouldBe(30);
        book.Current.Get(Samples.Secret).ShouldBe("a-long-word");
        book.Problems.ShouldHaveSingleItem().ShouldStartWith("Line 1, column ");
        Start().Values.Get(Samples.Hold).ShouldBe(30);
        File.ReadAllText(Data.Settings).ShouldBe("{\"hold_seconds\": ");
    }

    [Fact]
    public async Task Bad_file_gets_another_name_before_a_good_one_takes_its_place()
    {
        await SetAsync(Open(), ("hold_seconds", "30"));
        Write("{\"hold_seconds\": 45 \"auto_swap\": true}");
        var book = Open();

        var done = (await SetAsync(book, ("auto_swap", "on"))).ShouldBeOfType<SettingsOutcome.Done>();

        File.ReadAllText(_folder.File(done.KeptCopy.ShouldNotBeNull())).ShouldContain("45 \"auto_swap\"");
        book.Problems.ShouldBeEmpty();
        (book.Current.Get(Samples.Hold), book.Current.Get(Samples.Auto)).ShouldBe((30, true));
    }

    [Fact]
    public async Task Key_of_another_version_is_told_hinders_nothing_and_stays_in_the_file()
    {
        Write("""{"from_tomorrow": {"a": 1}, "hold_seconds": 30}""");
        Open().Problems.ShouldHaveSingleItem().ShouldContain("must be a text");

        Write("""{"from_tomorrow": 7.50, "hold_seconds": 30}""");
        var book = Open();
        book.Current.Get(Samples.Hold).ShouldBe(30);
        book.Problems.ShouldHaveSingleItem().ShouldContain("'from_tomorrow' is no setting of this version");

        await SetAsync(book, ("hold_seconds", "31"));
        File.ReadAllText(Data.Settings).ShouldContain("\"from_tomorrow\": 7.50");
    }

    [Fact]
    public async Task What_a_person_saved_a_moment_ago_is_not_lost_by_a_click()
    {
        var book = Open();
        Write("""{"auto_swap": true}""");

        await SetAsync(book, ("hold_seconds", "30"));

        (book.Current.Get(Samples.Hold), book.Current.Get(Samples.Auto)).ShouldBe((30, true));
        _events.Appended.ShouldHaveSingleItem().Details["keys"].ShouldBe("hold_seconds,auto_swap");
    }

    [Fact]
    public async Task Event_names_keys_and_never_values()
    {
        var book = Open();
        await SetAsync(book, ("swap_webhook_secret", "canary-0123456789"), ("swap_webhook_url", "http://192.0.2.99/"));

        var happened = _events.Appended.ShouldHaveSingleItem();
        (happened.Type, happened.Details["keys"], happened.Details["by"]).ShouldBe((EventTypes.SettingsChanged, "swap_webhook_url,swap_webhook_secret", "Alice"));
        happened.Sentence.ShouldBe("Changed in the settings: “Hook”, “Secret”.");
        happened.ToString().ShouldNotContain("canary");
        happened.Details.Values.ShouldAllBe(value => !value.Contains("canary") && !value.Contains("192.0.2.99"));
    }

    [Fact]
    public async Task Secret_is_made_known_before_it_is_in_force()
    {
        var book = Open(("SWAP_WEBHOOK_SECRET", "of-the-environment"));
        _learned.ShouldContain("of-the-environment");
        var changed = book.WaitForChangeAsync(book.Current, CancellationToken.None);

        await SetAsync(book, ("swap_webhook_secret", "of-the-page"));

        _learned.ShouldContain("of-the-page");
        (await changed.DefaultTimeout()).Get(Samples.Secret).ShouldBe("of-the-page");
        Write("""{"swap_webhook_secret": "of-the-editor"}""");
        await book.LookAgainAsync(CancellationToken.None);
        _learned.ShouldContain("of-the-editor");
    }

    [Fact]
    public async Task Nothing_new_changes_nothing()
    {
        var book = Open();
        await SetAsync(book, ("hold_seconds", "30"));
        var seen = book.Current;
        var written = File.GetLastWriteTimeUtc(Data.Settings);

        (await SetAsync(book, ("hold_seconds", "30"))).ShouldBeOfType<SettingsOutcome.Done>().Changed.ShouldBeEmpty();

        book.Current.ShouldBeSameAs(seen);
        File.GetLastWriteTimeUtc(Data.Settings).ShouldBe(written);
        _events.Appended.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Done_tells_how_to_undo_it()
    {
        var book = Open();
        await SetAsync(book, ("hold_seconds", "30"));
        var done = (await SetAsync(book, ("hold_seconds", "45"), ("auto_swap", "on"))).ShouldBeOfType<SettingsOutcome.Done>();

        await book.SetAsync(done.Before, "Alice", CancellationToken.None);

        (book.Current.Get(Samples.Hold), book.Current.Get(Samples.Auto), book.Current.SourceOf(Samples.Auto)).ShouldBe((30, false, SettingSource.Default));
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_told_and_changes_nothing()
    {
        var book = Open();
        // A folder of that name stands in the way of the file, also for root.
        Directory.CreateDirectory(Data.Settings);

        (await SetAsync(book, ("hold_seconds", "30"))).ShouldBeOfType<SettingsOutcome.NotStored>().Why.ShouldContain("could not be written");

        book.Current.Get(Samples.Hold).ShouldBe(60);
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_all_kept()
    {
        var book = Open();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => SetAsync(
            book, number % 2 == 0 ? ("hold_seconds", $"{number}") : ("swap_webhook_secret", $"word-number-{number}")))).DefaultTimeout();

        book.Current.SourceOf(Samples.Hold).ShouldBe(SettingSource.File);
        book.Current.Get(Samples.Secret).ShouldNotBeNull();
        Open().Current.FindText(Samples.Hold).ShouldBe(book.Current.FindText(Samples.Hold));
        Directory.GetFiles(_folder.Path).Select(Path.GetFileName).ShouldBe(["app_settings.json", "app_settings.json.last-good"], ignoreOrder: true);
    }

    [Fact]
    public void What_a_kill_left_behind_is_removed_at_the_start()
    {
        File.WriteAllText(Data.Settings + ".0123456789abcdef0123456789abcdef.tmp", "half");

        Open();

        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Good_file_cut_anywhere_never_stops_the_start()
    {
        const string Good = """{"hold_seconds": 30, "auto_swap": true, "swap_webhook_secret": "ä-long-word"}""";
        for (var length = 0; length <= Good.Length; length++)
        {
            Write(Good[..length]);

            Open().Current.Get(Samples.Hold).ShouldBeOneOf(30, 60);
            Start().Problems.ShouldBeEmpty();
        }
    }

    private SettingsBook Open(params (string Key, string Value)[] environment) => new(
        new SettingsLayers(Samples.All, [Samples.NoHookWithoutSecret], Reader(environment)), Data, _events, _learned.Add, new ManualClock(), NullLogger<SettingsBook>.Instance);

    private SettingsStart Start(params (string Key, string Value)[] environment) =>
        SettingsStart.Read(Samples.All, [Samples.NoHookWithoutSecret], Reader(environment), Data);

    private static Func<string, string?> Reader((string Key, string Value)[] environment) =>
        environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value).GetValueOrDefault;

    private static Task<SettingsOutcome> SetAsync(SettingsBook book, params (string Key, string? Text)[] changes) =>
        book.SetAsync(changes.ToDictionary(change => change.Key, change => change.Text), "Alice", CancellationToken.None);

    private void Write(string text) => File.WriteAllText(Data.Settings, text);

    private sealed class RecordingEvents : IEventLog
    {
        public List<ApplianceEvent> Appended { get; } = [];

        public Task<ApplianceEvent> AppendAsync(ApplianceEvent happened, CancellationToken cancellationToken)
        {
            lock (Appended)
            {
                Appended.Add(happened);
            }

            return Task.FromResult(happened);
        }

        public Task<ApplianceEvent> AppendAsync(ApplianceEvent happened, Action<SqliteConnection, SqliteTransaction> alongside, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ImmutableArray<ApplianceEvent>> ReadAsync(long after, string? type, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImmutableArray<ApplianceEvent>> ReadNewestAsync(string? type, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<ApplianceEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }
    }
}
