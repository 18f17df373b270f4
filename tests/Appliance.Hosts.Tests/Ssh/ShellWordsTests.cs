using System.Diagnostics;
using System.Text;
using Appliance.Hosts.Ssh;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace Appliance.Hosts.Tests.Ssh;

public sealed class ShellWordsTests(SharedHost host) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData("", "''")]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a b\n$c", "'a b\n$c'")]
    public void Word_is_quoted(string word, string expected) => ShellWords.Quote(word).ShouldBe(expected);

    [Theory]
    [InlineData("a\0;b")]
    [InlineData("\ud83d")]
    [InlineData("x\ude00")]
    [InlineData("\ude00\ud83d")]
    public void Word_that_cannot_be_sent_is_refused(string word) => Should.Throw<ArgumentException>(() => ShellWords.Quote(word));

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

            // A program's output may hold anything, so it ends each word with a character that no word holds.
            var received = outcome.ShouldBeOfType<Cluster.Shell.ShellOutcome.Completed>().Output;
            received.Split('\u001e')[..^1].ShouldBe(words.Select(word => word.Replace("\u001e", "\u001e")).SelectMany(word => word.Split('\u001e')));
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
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Length == 0 ? [] : text[..^1].Split('\0');
    }
}
