using System.Text;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_file_is_private_and_leaves_nothing_else_behind()
    {
        var path = _folder.File("settings.json");

        await AtomicFile.WriteAsync(path, "{}"u8.ToArray(), CancellationToken.None);

        (await File.ReadAllTextAsync(path)).ShouldBe("{}");
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder.Path).ShouldBe([path]);
    }

    [Fact]
    public async Task Existing_file_keeps_its_mode()
    {
        var path = _folder.File("models.yaml");
        await File.WriteAllTextAsync(path, "old");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(path, mode);

        await AtomicFile.WriteAsync(path, "new"u8.ToArray(), CancellationToken.None);

        (await File.ReadAllTextAsync(path)).ShouldBe("new");
        File.GetUnixFileMode(path).ShouldBe(mode);
    }

    [Fact]
    public async Task Reader_beside_many_writes_sees_only_whole_contents()
    {
        var path = _folder.File("settings.json");
        await AtomicFile.WriteAsync(path, Content('0'), CancellationToken.None);

        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await AtomicFile.WriteAsync(path, Content((char)('0' + (i % 10))), CancellationToken.None);
            }
        });
        do
        {
            var seen = await File.ReadAllTextAsync(path);
            seen.Length.ShouldBe(20_000);
            seen.Distinct().Count().ShouldBe(1);
        }
        while (!writer.IsCompleted);

        await writer;
    }

    [Fact]
    public async Task Write_that_fails_keeps_the_old_content_and_removes_its_temporary_file()
    {
        // A folder in the file's place: the rename cannot succeed.
        var path = _folder.File("settings.json");
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(Path.Combine(path, "inside"), "kept");

        await Should.ThrowAsync<Exception>(AtomicFile.WriteAsync(path, "new"u8.ToArray(), CancellationToken.None));

        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([path]);
        (await File.ReadAllTextAsync(Path.Combine(path, "inside"))).ShouldBe("kept");
    }

    [Fact]
    public async Task Cancelled_write_keeps_the_old_content()
    {
        var path = _folder.File("settings.json");
        await AtomicFile.WriteAsync(path, "old"u8.ToArray(), CancellationToken.None);

        await Should.ThrowAsync<OperationCanceledException>(AtomicFile.WriteAsync(path, "new"u8.ToArray(), new CancellationToken(canceled: true)));

        (await File.ReadAllTextAsync(path)).ShouldBe("old");
        Directory.GetFiles(_folder.Path).ShouldBe([path]);
    }

    private static byte[] Content(char letter) => Encoding.ASCII.GetBytes(new string(letter, 20_000));
}
