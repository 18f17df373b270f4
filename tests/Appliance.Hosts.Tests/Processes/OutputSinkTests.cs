using System.Text;
using Appliance.Hosts.Processes;
using Appliance.Hosts.Ssh;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Processes;

public sealed class OutputSinkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Lines_and_marker_do_not_depend_on_how_the_bytes_arrive(int chunk)
    {
        var lines = new List<string>();
        var sink = new StartMarker("MARK", new LineSplitter(lines.Add, new Lock()));

        Feed(sink, "hello MARMARK no\nMARK\none\r\ntwo 🙂\r\r\nthree\n\nlast", chunk);

        lines.ShouldBe(["one", "two 🙂", "", "three", "", "last"]);
        sink.WasSeen.ShouldBeTrue();
        sink.Banner.ShouldBe("hello MARMARK no\n");
    }

    [Fact]
    public void Text_without_the_marker_is_kept_as_the_banner()
    {
        var output = new OutputBuffer(100);
        var sink = new StartMarker("MARK", output);

        Feed(sink, "nologin", 3);

        sink.WasSeen.ShouldBeFalse();
        sink.Banner.ShouldBe("nologin");
        output.ReadText().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("aé", 2, "a")]
    [InlineData("a🙂b", 4, "a")]
    [InlineData("a🙂b", 5, "a🙂")]
    [InlineData("abc", 3, "abc")]
    public void Text_is_cut_between_characters(string text, int limit, string expected)
    {
        var output = new OutputBuffer(limit);

        Feed(output, text, 1);

        output.ReadText().ShouldBe(expected);
        output.IsTruncated.ShouldBe(text != expected);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_replacement_characters()
    {
        var output = new OutputBuffer(10);

        output.Write([0x61, 0xff, 0x62]);

        output.ReadText().ShouldBe("a\ufffdb");
    }

    private static void Feed(OutputSink sink, string text, int chunk)
    {
        foreach (var bytes in Encoding.UTF8.GetBytes(text).Chunk(chunk))
        {
            sink.Write(bytes);
        }

        sink.Complete();
    }
}
