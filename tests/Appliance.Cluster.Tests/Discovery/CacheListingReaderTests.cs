using Appliance.Cluster.Discovery;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Discovery;

public sealed class CacheListingReaderTests
{
    private const string Block = "model models--org--Name\nsize 12\nref yes\nrevision abc\nsnapshot yes\nshards 2 2\nconfig yes\n|{}\ndone\n";

    [Fact]
    public void Banner_before_the_header_is_skipped()
    {
        var listing = CacheListingReader.Read($"Welcome!\nend 5\nmodel models--a--b\n{CacheListingReader.Header}\nhub present\n{Block}end 1\nlogout\n");

        listing.IsWhole.ShouldBeTrue();
        listing.Models.ShouldHaveSingleItem().Size.Bytes.ShouldBe(12);
    }

    [Theory]
    [InlineData("")]
    [InlineData("end 0")]
    [InlineData("This account is currently not available.")]
    [InlineData(CacheListingReader.Header)]
    [InlineData(CacheListingReader.Header + "\nhub present\n" + Block)]
    [InlineData(CacheListingReader.Header + "\nhub present\n" + Block + "end 2\n")]
    [InlineData(CacheListingReader.Header + "\nhub unreadable\nend 0\n")]
    public void Answer_that_is_not_whole_says_so(string text) => CacheListingReader.Read(text).IsWhole.ShouldBeFalse();

    [Theory]
    [InlineData("models--org--Name", "org/Name")]
    [InlineData("models--org--Name.v1_2-x", "org/Name.v1_2-x")]
    [InlineData("models--gpt2", null)]
    [InlineData("models--a--b--c", null)]
    [InlineData("models----Name", null)]
    [InlineData("models--..--Name", null)]
    [InlineData("datasets--org--Name", null)]
    public void Folder_names_one_repository_or_none(string folder, string? repo) => CacheListingReader.FindRepo(folder)?.ToString().ShouldBe(repo);

    [Fact]
    public void Anything_is_read_without_an_exception()
    {
        var words = Gen.Elements(
            CacheListingReader.Header, "hub present", "hub no-find", "model models--o--N", "model", "size 1", "size -1", "size 99999999999999999999", "ref yes", "ref",
            "revision", "snapshot yes", "partial", "broken 2", "broken x", "shards 1", "shards 1 2", "shards  ", "weights 3", "config big", "|", "|x", "done", "end 1", "end", "end x",
            "\r", " ", "\0", "é\uD800");
        var lines = Gen.OneOf(words, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ListOf().Select(parts => string.Join('\n', parts));

        Prop.ForAll(lines.ToArbitrary(), text =>
        {
            var ours = CacheListingReader.Read($"{CacheListingReader.Header}\n{text}");
            return !CacheListingReader.Read(text).Models.IsDefault && ours.Models.All(model => model.IsComplete == (model.Missing is null));
        }).QuickCheckThrowOnFailure();
    }
}
