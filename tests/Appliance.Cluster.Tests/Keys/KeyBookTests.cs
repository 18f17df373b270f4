using System.Text;
using Appliance.Cluster.Events;
using Appliance.Cluster.Keys;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Keys;

public sealed class KeyBookTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly FixedSettings _settings = new();
    private Database _database = null!;
    private EventLog _events = null!;
    private KeyBook _keys = null!;

    public async Task InitializeAsync()
    {
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        _events = new EventLog(_database, new ClusterView(new FixedTopology(ClusterDefinition.Empty), _clock), NullLogger<EventLog>.Instance);
        _keys = new KeyBook(new KeyStore(_database), _events, _settings, _clock);
        await _keys.LoadAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Key_is_found_by_its_secret_also_after_a_restart()
    {
        var (key, token) = await CreateAsync("garden-bot", KeyScope.Swap);

        _keys.Find(token)?.Id.ShouldBe(key.Id);
        await RestartAsync();

        _keys.Find(token).ShouldNotBeNull().ShouldBe(key);
        _keys.Find(token + "x").ShouldBeNull();
        _keys.Find("sk-some-other-word").ShouldBeNull();
        _keys.Find((string?)null).ShouldBeNull();
    }

    [Fact]
    public async Task T29_Secret_is_nowhere_in_the_data_folder_and_in_no_text()
    {
        var (key, token) = await CreateAsync("garden-bot", KeyScope.Admin);
        await _database.DisposeAsync();

        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(token[KeyToken.Prefix.Length..]);
        }

        key.ToString().ShouldNotContain(token);
        await InitializeAsync();
    }

    [Fact]
    public async Task Revoked_key_is_good_for_nothing()
    {
        var (key, token) = await CreateAsync("garden-bot", KeyScope.Use);

        (await _keys.RevokeAsync(key.Id, CancellationToken.None)).ShouldBeOfType<KeyRevocation.Revoked>();

        _keys.Find(token).ShouldBeNull();
        _keys.Find(key.Id).ShouldBeNull();
        (await _keys.RevokeAsync(key.Id, CancellationToken.None)).ShouldBeOfType<KeyRevocation.Unknown>();
        await RestartAsync();
        _keys.Find(token).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_asked_for_before_there_is_an_admin_key()
    {
        _settings.With(KeySettings.RequireKeys, "all");
        await CreateAsync("garden-bot", KeyScope.Swap);
        (_keys.Demand, _keys.IsWaitingForAdmin).ShouldBe((KeyDemand.Off, true));

        await CreateAsync("alice", KeyScope.Admin);

        (_keys.Demand, _keys.IsWaitingForAdmin).ShouldBe((KeyDemand.All, false));
    }

    [Fact]
    public async Task Last_admin_key_stays_while_keys_are_asked_for()
    {
        var (alice, _) = await CreateAsync("alice", KeyScope.Admin);
        var (bob, _) = await CreateAsync("bob", KeyScope.Admin);
        _settings.With(KeySettings.RequireKeys, "changes");

        (await _keys.RevokeAsync(bob.Id, CancellationToken.None)).ShouldBeOfType<KeyRevocation.Revoked>();
        (await _keys.RevokeAsync(alice.Id, CancellationToken.None)).ShouldBe(new KeyRevocation.LastAdmin(alice));

        _settings.With(KeySettings.RequireKeys, "off");
        (await _keys.RevokeAsync(alice.Id, CancellationToken.None)).ShouldBeOfType<KeyRevocation.Revoked>();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \t ")]
    [InlineData("\u202e\u200b")]
    public async Task Key_needs_a_name_that_can_be_read(string? name) =>
        (await _keys.CreateAsync(name, KeyScope.Use, CancellationToken.None)).ShouldBeOfType<KeyCreation.BadName>();

    [Fact]
    public async Task Name_is_one_line_unique_and_not_too_long()
    {
        var (key, _) = await CreateAsync("  garden\n bot ", KeyScope.Use);

        key.Name.ShouldBe("garden bot");
        (await _keys.CreateAsync("Garden Bot", KeyScope.Admin, CancellationToken.None)).ShouldBe(new KeyCreation.NameTaken(key));
        (await _keys.CreateAsync(new string('x', KeyBook.LongestName + 1), KeyScope.Use, CancellationToken.None)).ShouldBeOfType<KeyCreation.BadName>();
    }

    [Fact]
    public async Task Use_is_remembered_to_the_hour_and_written_down_later()
    {
        var (_, token) = await CreateAsync("garden-bot", KeyScope.Use);
        _keys.All[0].LastUsedAt.ShouldBeNull();

        _keys.Find(token);

        var hour = new DateTimeOffset(2026, 11, 21, 7, 0, 0, TimeSpan.Zero);
        _keys.All[0].LastUsedAt.ShouldBe(hour);
        await _keys.WriteUsesAsync(CancellationToken.None);
        await RestartAsync();
        _keys.All[0].LastUsedAt.ShouldBe(hour);
    }

    [Fact]
    public async Task Making_and_revoking_are_told_without_the_secret()
    {
        var (key, token) = await CreateAsync("garden-bot", KeyScope.Swap);
        await _keys.RevokeAsync(key.Id, CancellationToken.None);

        var told = await _events.ReadAsync(0, null, 10, CancellationToken.None);

        told.Select(happened => happened.Type).ShouldBe([EventTypes.KeyCreated, EventTypes.KeyRevoked]);
        told[0].Sentence.ShouldBe("The key garden-bot was made: it may ask and change models.");
        told.ShouldAllBe(happened => !happened.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task There_is_an_end_to_the_number_of_keys()
    {
        for (var i = 0; i < KeyBook.Most; i++)
        {
            await CreateAsync($"key {i}", KeyScope.Use);
        }

        (await _keys.CreateAsync("one more", KeyScope.Use, CancellationToken.None)).ShouldBeOfType<KeyCreation.TooMany>();
    }

    private async Task<(AccessKey Key, string Token)> CreateAsync(string name, KeyScope scope)
    {
        var created = (await _keys.CreateAsync(name, scope, CancellationToken.None)).ShouldBeOfType<KeyCreation.Created>();
        return (created.Key, created.Token.Reveal());
    }

    private async Task RestartAsync()
    {
        await _database.DisposeAsync();
        await InitializeAsync();
    }
}
