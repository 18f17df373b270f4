using System.Text;
using Appliance.Cluster.Settings;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

public class GuardedYamlTests
{
    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a:\n ")]
    public void Deep_nesting_is_refused_and_the_process_lives(string level)
    {
        var reading = GuardedYaml.Read(string.Concat(Enumerable.Repeat(level, 12_000)));

        reading.Root.ShouldBeNull();
        reading.Problems.ShouldHaveSingleItem().ShouldStartWith("Line ");
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_read()
    {
        string Nested(int depth) => new string('[', depth) + new string(']', depth);

        GuardedYaml.Read(Nested(GuardedYaml.MaxDepth)).IsOk.ShouldBeTrue();
        GuardedYaml.Read(Nested(GuardedYaml.MaxDepth + 2)).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void Too_many_values_are_refused()
    {
        GuardedYaml.Read(string.Concat(Enumerable.Repeat("- a\n", GuardedYaml.MaxNodes - 1))).IsOk.ShouldBeTrue();
        GuardedYaml.Read(string.Concat(Enumerable.Repeat("- a\n", GuardedYaml.MaxNodes))).Problems.ShouldHaveSingleItem().ShouldContain("more than 5,000 values");
    }

    [Fact]
    public void An_alias_bomb_is_refused_before_it_explodes()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 5))}]\n");
        }

        GuardedYaml.Read(bomb.ToString()).Problems.ShouldHaveSingleItem().ShouldContain("aliases repeat");
    }

    [Fact]
    public void An_alias_repeats_its_value()
    {
        var map = (YamlNode.Map)GuardedYaml.Read("a: &x [1, 2]\nb: *x\n").Root!;

        ((YamlNode.List)map.Entries[1].Value).Items.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("a: &x [*x]", "contains itself")]
    [InlineData("a: *nobody", "")]
    [InlineData("a: !!int 5", "tags")]
    [InlineData("a: !python/object x", "tags")]
    [InlineData("a: 1\nb: 2\na: 3", "Line 3, column 1: 'a' stands here a second time.")]
    [InlineData("a: 1\n---\nb: 2", "second document")]
    [InlineData("[a, b]: c", "key of a map")]
    [InlineData("a: \"\\U99999999\"", "not YAML")]
    [InlineData("a: b: c", "not YAML")]
    [InlineData("a:\n\t- b", "")]
    [InlineData("a: \u0000", "control character")]
    [InlineData("a: 'x", "")]
    public void Tricks_are_refused_with_a_place(string text, string expected)
    {
        var problem = GuardedYaml.Read(text).Problems.ShouldHaveSingleItem();

        problem.ShouldMatch(@"^Line \d+, column \d+: .+\.$");
        problem.ShouldContain(expected);
    }

    [Theory]
    [InlineData("010")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("no")]
    [InlineData("~")]
    [InlineData("1e999")]
    [InlineData("2026-01-01")]
    public void Values_stay_texts(string text)
    {
        var map = (YamlNode.Map)GuardedYaml.Read($"a: {text}").Root!;

        ((YamlNode.Scalar)map.Entries[0].Value).Text.ShouldBe(text);
    }

    [Fact]
    public void Empty_files_comments_and_a_byte_order_mark_are_fine()
    {
        foreach (var text in new[] { "", "\n\n", "# only a comment\n", "\uFEFF", "---\n" })
        {
            GuardedYaml.Read(Encoding.UTF8.GetBytes(text)).ShouldBe(new YamlReading(null, []));
        }

        GuardedYaml.Read(Encoding.UTF8.GetBytes("\uFEFFa: b\r\nc: d\r\n")).Root.ShouldBeOfType<YamlNode.Map>().Entries.Length.ShouldBe(2);
    }

    [Fact]
    public void Too_large_and_non_text_files_are_refused()
    {
        GuardedYaml.Read(new byte[GuardedYaml.MaxBytes + 1]).Problems.ShouldHaveSingleItem().ShouldContain("at most 262,144");
        GuardedYaml.Read([0x61, 0x3A, 0x20, 0xFF, 0xFE]).Problems.ShouldHaveSingleItem().ShouldContain("not UTF-8");
        GuardedYaml.Read(new string('ä', GuardedYaml.MaxBytes - 10)).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_words() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text => text is null || GuardedYaml.Read(text) is { } reading && (reading.IsOk || reading.Root is null)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_mutation_of_a_good_file_is_read_or_refused_with_words()
    {
        var good = Encoding.UTF8.GetBytes("recipes:\n  - repo: a/b\n    args:\n      - '--x={\"y\": [1, 2]}'\n    env: &e { A: \"b\" }\n  - *e\n# end\n");
        var random = new Random(20261121);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var reading = GuardedYaml.Read(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length));

            (reading.IsOk || reading.Root is null).ShouldBeTrue();
        }
    }
}
