using System.Collections.Immutable;
using System.Text;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Engines;

public sealed class QuotingCanaryTests
{
    [Fact]
    public void Words_that_a_shell_would_run_are_sent_with_an_open_quote_among_them() =>
        (string.Concat(QuotingCanary.Hostile).Count(c => c == '\'') % 2).ShouldBe(1);

    [Fact]
    public void Every_word_of_a_canary_is_one_line() =>
        QuotingCanary.Hostile.Concat(QuotingCanary.Plain).ShouldAllBe(word => !word.Contains('\n') && !word.Contains('\0'));

    [Fact]
    public void Words_of_each_call_are_read()
    {
        var calls = QuotingCanary.Read(Answer(Argv("vllm", "serve", "", "it's é"), Argv("vllm"))).ShouldNotBeNull();

        calls.Length.ShouldBe(2);
        calls[0].ShouldBe(["vllm", "serve", "", "it's é"]);
        calls[1].ShouldBe(["vllm"]);
    }

    [Theory]
    [InlineData("unable timeout\n")]
    [InlineData("")]
    [InlineData("argv dmxsbQA=\n")]
    [InlineData("argv !!!\nend\n")]
    [InlineData("argv dmxsbQ==\nend\n")]
    [InlineData("something else\nend\n")]
    public void Answer_that_is_not_whole_proves_nothing(string output) => QuotingCanary.Read(new ShellOutcome.Completed(0, output, "")).ShouldBeNull();

    [Fact]
    public void Launchers_own_words_at_the_end_count_only_where_there_are_several_machines()
    {
        ImmutableArray<string> sent = ["vllm", "serve", "x"];
        ImmutableArray<ImmutableArray<string>> calls = [sent, [.. sent, "--nnodes", "2"]];

        QuotingCanary.HaveArrived(sent, calls, isCluster: true).ShouldBeTrue();
        QuotingCanary.HaveArrived(sent, calls, isCluster: false).ShouldBeFalse();
        QuotingCanary.HaveArrived(sent, [], isCluster: true).ShouldBeFalse();
        QuotingCanary.HaveArrived(sent, [["vllm", "serve"]], isCluster: true).ShouldBeFalse();
    }

    [Fact]
    public void Mark_that_was_lost_is_not_plain()
    {
        var received = QuotingCanary.Plain.Replace("a,b", @"a\,b");

        QuotingCanary.PlainMarks([received]).ShouldBe("._/:=@%+-");
        QuotingCanary.PlainMarks([]).ShouldBe("._/:=,@%+-");
        QuotingCanary.PlainMarks(null).ShouldBe("._/:=,@%+-");
    }

    [Theory]
    [InlineData("--max-model-len=32768", true)]
    [InlineData("org/Name-4.5_B", true)]
    [InlineData("a,b", false)]
    [InlineData("two words", false)]
    [InlineData("{}", false)]
    [InlineData("~", false)]
    [InlineData("é", false)]
    [InlineData("", false)]
    public void Unproven_launcher_gets_plain_words_only(string word, bool isAllowed) =>
        new QuotingProof(QuotingWay.Unproven, "._/:=@%+-").Allows(word).ShouldBe(isAllowed);

    [Fact]
    public void Proven_launcher_gets_every_word()
    {
        QuotingProof.Intact.Allows("$(reboot) it's").ShouldBeTrue();
        new QuotingProof(QuotingWay.Quoted).Protect("it's").ShouldBe(@"'it'\''s'");
        new QuotingProof(QuotingWay.Quoted).Protect("--port=1,2").ShouldBe("--port=1,2");
        QuotingProof.Intact.Protect("it's").ShouldBe("it's");
    }

    private static ShellOutcome.Completed Answer(params string[] lines) => new(0, string.Concat(lines.Append("end").Select(line => line + "\n")), "");

    private static string Argv(params string[] words) => $"argv {Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(words.Select(word => word + "\0"))))}";
}
