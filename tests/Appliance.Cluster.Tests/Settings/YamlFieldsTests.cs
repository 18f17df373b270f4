using Appliance.Cluster.Settings;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

public class YamlFieldsTests
{
    private readonly List<string> _problems = [];

    [Theory]
    [InlineData("8888", 8888)]
    [InlineData("1", 1)]
    [InlineData("010", null)]
    [InlineData("0x1F", null)]
    [InlineData("1_000", null)]
    [InlineData("+5", null)]
    [InlineData("8888.0", null)]
    [InlineData("70000", null)]
    [InlineData("٣", null)]
    public void Numbers_are_strict_decimal(string text, int? expected)
    {
        Fields($"port: {text}").FindNumber("port", 1, 65535).ShouldBe(expected);

        _problems.Count.ShouldBe(expected is null ? 1 : 0);
    }

    [Fact]
    public void A_misspelt_key_is_a_problem_with_its_place()
    {
        var fields = Fields("name: a\n\n  # comment\nnmae: b");
        fields.FindText("name");

        fields.RefuseUnknown();

        _problems.ShouldHaveSingleItem().ShouldBe("Line 4, column 1: 'nmae' is not known here; known are name.");
    }

    [Fact]
    public void A_wrong_shape_is_a_problem_and_not_an_exception()
    {
        var fields = Fields("text: [a]\nlist: a\npairs: [a]\nmaps: [a]");

        fields.FindText("text").ShouldBeNull();
        fields.FindTexts("list").ShouldBeEmpty();
        fields.FindPairs("pairs").ShouldBeEmpty();
        fields.FindMaps("maps").ShouldBeEmpty();
        _problems.Count.ShouldBe(4);
    }

    private YamlFields Fields(string text) => new((YamlNode.Map)GuardedYaml.Read(text).Root!, _problems);
}
