using System.Reflection;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Architecture;

/// <summary>The walls of the design: who may name whom.</summary>
public sealed partial class WallTests
{
    private static readonly string[] Projects = ["Appliance", "Appliance.Cluster", "Appliance.Hosts", "Appliance.Gateway", "Appliance.Demo"];

    [Theory]
    [InlineData("Appliance.Cluster", "Appliance.Hosts")]
    [InlineData("Appliance.Cluster", "Appliance.Gateway")]
    [InlineData("Appliance.Cluster", "Appliance.Demo")]
    [InlineData("Appliance.Cluster", "Microsoft.AspNetCore")]
    [InlineData("Appliance.Hosts", "Appliance.Gateway")]
    [InlineData("Appliance.Hosts", "Appliance.Demo")]
    [InlineData("Appliance.Hosts", "Microsoft.AspNetCore")]
    [InlineData("Appliance.Gateway", "Appliance.Hosts")]
    [InlineData("Appliance.Gateway", "Appliance.Demo")]
    [InlineData("Appliance.Demo", "Appliance.Hosts")]
    [InlineData("Appliance.Demo", "Appliance.Gateway")]
    public void Project_does_not_name(string project, string space) =>
        FilesThatName(project, space).ShouldBeEmpty();

    [Theory]
    [InlineData("Appliance.Cluster")]
    [InlineData("Appliance.Hosts")]
    [InlineData("Appliance.Gateway")]
    [InlineData("Appliance.Demo")]
    public void Assembly_references_no_other_part_than_the_cluster(string project)
    {
        var others = Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("Appliance", StringComparison.Ordinal) && name != "Appliance.Cluster");

        others.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Appliance.Hosts")]
    [InlineData("Appliance.Demo")]
    public void Machines_are_named_by_the_composition_only(string project)
    {
        var named = FilesThatName("Appliance", project).Select(path => Path.GetRelativePath(Path.Combine(Repository.Root, "src", "Appliance"), path));

        named.ShouldAllBe(path => path == "Program.cs" || path.StartsWith("Hosting", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_hosts_starts_processes() =>
        Projects.Except(["Appliance.Hosts"]).SelectMany(Repository.Sources)
            .Where(path => ProcessWord().IsMatch(File.ReadAllText(path)))
            .ShouldBeEmpty();

    [Fact]
    public void Namespace_is_the_folder()
    {
        foreach (var project in Projects)
        {
            foreach (var path in Repository.Sources(project).Where(path => path.EndsWith(".cs", StringComparison.Ordinal)))
            {
                var folder = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src", project), path))!;
                var expected = folder.Length == 0 ? project : $"{project}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
                if (NamespaceLine().Match(File.ReadAllText(path)) is { Success: true } match)
                {
                    match.Groups[1].Value.ShouldBe(expected, path);
                }
            }
        }
    }

    [Fact]
    public void Markup_is_never_taken_as_it_comes() =>
        Projects.SelectMany(Repository.Sources).Where(path => File.ReadAllText(path).Contains("MarkupString", StringComparison.Ordinal)).ShouldBeEmpty();

    private static IEnumerable<string> FilesThatName(string project, string space)
    {
        var word = new Regex($@"(^|[^\w.]){Regex.Escape(space)}(\.|;|\s|$)", RegexOptions.Multiline | RegexOptions.NonBacktracking);
        return Repository.Sources(project).Where(path => word.IsMatch(WithoutComments(File.ReadAllText(path))));
    }

    private static string WithoutComments(string code) => Comment().Replace(code, "");

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bnew Process\b|\bProcess\.Start\b|\bProcessStartInfo\b", RegexOptions.NonBacktracking)]
    private static partial Regex ProcessWord();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex NamespaceLine();
}
