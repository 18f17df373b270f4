using System.Collections.Immutable;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Dapper;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Storage;

public sealed class SchemaTests : IDisposable
{
    private static readonly Migration Notes = new(1, "0001-notes.sql", "CREATE TABLE notes (text TEXT NOT NULL) STRICT");
    private static readonly Migration Stars = new(2, "0002-stars.sql", "ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3");
    private static readonly Migration Torn = new(2, "0002-torn.sql", "ALTER TABLE notes ADD COLUMN stars INTEGER; INSERT INTO nowhere VALUES (1)");

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("appliance.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Older_file_is_copied_then_brought_up_to_date_with_its_content()
    {
        await WriteNoteAsync(Notes);

        await using (var newer = Database.Open(File, [Notes, Stars]))
        {
            (await ReadStarsAsync(newer)).ShouldBe(3);
        }

        await using var copy = Database.Open($"{File}.schema-0001", [Notes]);
        (await copy.ReadAsync(connection => connection.QuerySingle<string>("SELECT text FROM notes"), CancellationToken.None)).ShouldBe("kept");
    }

    [Fact]
    public async Task Up_to_date_file_is_not_copied()
    {
        await WriteNoteAsync(Notes);
        await using (Database.Open(File, [Notes]))
        {
        }

        Directory.GetFiles(_folder.Path).ShouldBe([File]);
    }

    [Fact]
    public async Task Migration_that_fails_half_way_leaves_the_schema_before_it()
    {
        await WriteNoteAsync(Notes);

        Should.Throw<Exception>(() => Database.Open(File, [Notes, Torn]));

        await using var again = Database.Open(File, [Notes, Stars]);
        (await ReadStarsAsync(again)).ShouldBe(3);
    }

    [Fact]
    public async Task Copy_left_unfinished_by_a_crash_is_made_anew()
    {
        await WriteNoteAsync(Notes);
        await System.IO.File.WriteAllTextAsync($"{File}.schema-0001.unfinished", "half a copy");

        await using var newer = Database.Open(File, [Notes, Stars]);

        System.IO.File.Exists($"{File}.schema-0001").ShouldBeTrue();
        System.IO.File.Exists($"{File}.schema-0001.unfinished").ShouldBeFalse();
    }

    [Fact]
    public async Task File_of_a_newer_version_is_refused_in_one_sentence_and_left_untouched()
    {
        await using (Database.Open(File, [Notes, Stars]))
        {
        }

        var before = await System.IO.File.ReadAllBytesAsync(File);

        var refusal = Should.Throw<StoreException>(() => Database.Open(File, [Notes]));

        refusal.Fault.ShouldBe(StoreFault.TooNew);
        refusal.Message.ShouldContain("newer version of the appliance (schema 2, this version knows 1)");
        (await System.IO.File.ReadAllBytesAsync(File)).ShouldBe(before);
    }

    [Fact]
    public async Task File_that_is_no_database_is_refused_and_left_untouched()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000));

        var refusal = Should.Throw<StoreException>(() => Database.Open(File, [Notes]));

        refusal.Fault.ShouldBe(StoreFault.Broken);
        refusal.Message.ShouldContain("is damaged");
        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe(new string('x', 5000));
    }

    [Theory]
    [InlineData("/proc/appliance.db")] // A folder that refuses new files, even from root.
    [InlineData("/nowhere/at/all/appliance.db")]
    [InlineData("/")]
    public void Place_that_cannot_be_written_is_refused_with_its_name(string path)
    {
        var refusal = Should.Throw<StoreException>(() => Database.Open(path, [Notes]));

        refusal.Fault.ShouldBe(StoreFault.NotWritable);
        refusal.Message.ShouldContain(path);
    }

    private async Task WriteNoteAsync(params ImmutableArray<Migration> migrations)
    {
        await using var database = Database.Open(File, migrations);
        await database.WriteAsync((connection, _) => connection.Execute("INSERT INTO notes VALUES ('kept')"), CancellationToken.None);
    }

    private static Task<int> ReadStarsAsync(Database database) =>
        database.ReadAsync(connection => connection.QuerySingle<int>("SELECT stars FROM notes WHERE text = 'kept'"), CancellationToken.None);
}
