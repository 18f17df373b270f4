using System.Diagnostics;
using System.Text;
using Appliance.Hosts.Ssh;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

public sealed class ShellWordsTests(SharedHost host) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData("", "''")]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a b\n$c", "'a b\n$c'")]
    public void Word_is_quoted(string word, string expected) => ShellWords.Quote(word).ShouldBe(expected);

    [Fact]
    public void Word_that_cannot_be_sent_is_refused()
    {
        // Not InlineData: the test runner itself changes lone surrogates on their way.
        foreach (var word in (string[])["a\0;b", "\ud83d", "x\ude00", "\ude00\ud83d", "\ud83dx"])
        {
            Should.Throw<ArgumentException>(() => ShellWords.Quote(word));
        }
    }

    [Fact]
    public void Any_words_arrive_exactly_through_a_real_sh() =>
        Prop.ForAll(HostileText.Words.ArrayOf().ToArbitrary(), words => ThroughLocalShell(words).SequenceEqual(words))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public async Task Any_words_arrive_exactly_through_sshd()
    {
        foreach (var words in HostileText.Words.Sample(30, 1000).Chunk(250))
        {
            var outcome = await host.Shell.RunAsync(["printf", "%s\\036", .. words]);

            // A word may hold the separator itself: then it counts as two on both sides.
            var received = outcome.ShouldBeOfType<Cluster.Shell.ShellOutcome.Completed>().Output;
            received.Split('\u001e')[..^1].ShouldBe(words.SelectMany(word => word.Split('\u001e')));
        }

        Directory.GetFiles(host.Sshd.Home, "canary").ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_words_arrive_exactly_as_parameters_of_a_script()
    {
        foreach (var words in HostileText.Words.Sample(30, 500).Chunk(250))
        {
            var outcome = await host.Shell.RunScriptAsync("""printf '%s\036' "$@" """, words);

            outcome.ShouldBeOfType<Cluster.Shell.ShellOutcome.Completed>().Output.ShouldBe(string.Concat(words.Select(word => word + "\u001e")));
        }
    }

    private static string[] ThroughLocalShell(string[] words)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write($"set -- {ShellWords.Join(words)}\n[ $# -eq 0 ] || printf '%s\\0' \"$@\"\n");
        process.StandardInput.Close();
        // Bytes, because a StreamReader takes a byte order mark away.
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        var text = Encoding.UTF8.GetString(output.ToArray());
        return text.Length == 0 ? [] : text[..^1].Split('\0');
    }
}
