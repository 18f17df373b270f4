using Appliance.Cluster.Models;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Settings;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Recipes;

public class RecipeFileTests
{
    [Fact]
    public void The_catalog_has_no_problems_and_covers_the_families()
    {
        var recipes = RecipeCatalog.Recipes;

        recipes.Length.ShouldBeGreaterThanOrEqualTo(25);
        recipes.Select(recipe => recipe.Repo.Id).ShouldBeUnique();
        recipes.Select(recipe => recipe.Name).ShouldBeUnique();
        recipes.ShouldAllBe(recipe => recipe.Capabilities.Length > 0 && recipe.ContextLength > 0 && recipe.Source == RecipeSource.Catalog);
        foreach (var repo in new[]
                 {
                     "RedHatAI/Qwen3.6-35B-A3B-NVFP4", "google/gemma-4-26B-A4B-it", "nvidia/Gemma-4-26B-A4B-NVFP4", "openai/gpt-oss-120b",
                     "Qwen/Qwen3-Coder-Next-FP8", "Qwen/Qwen3.5-122B-A10B-FP8", "cyankiwi/MiniMax-M2.5-AWQ-4bit", "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4",
                     "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4", "cyankiwi/GLM-4.7-Flash-AWQ-4bit", "Qwen/Qwen3-4B-Instruct-2507",
                 })
        {
            recipes.ShouldContain(recipe => recipe.Repo.ToString() == repo);
        }
    }

    [Fact]
    public void The_catalog_never_asks_for_a_loader_that_older_images_lack() =>
        RecipeCatalog.Recipes.SelectMany(recipe => recipe.Arguments).ShouldNotContain(word => word.Contains("instanttensor"));

    [Fact]
    public void A_word_with_blanks_and_braces_stays_one_word()
    {
        var recipe = RecipeCatalog.Recipes.Single(recipe => recipe.Repo.ToString() == "RedHatAI/Qwen3.6-35B-A3B-NVFP4");

        recipe.Arguments.ShouldContain("""--mm-processor-kwargs={"max_pixels": 2000000}""");
        recipe.Capabilities.ShouldBe([Capability.Chat, Capability.Vision, Capability.Reasoning, Capability.Tools]);
        recipe.ContextLength.ShouldBe(262144);
        recipe.ServedName.ShouldBe("RedHatAI/Qwen3.6-35B-A3B-NVFP4");
    }

    [Fact]
    public void The_served_name_comes_from_the_arguments() =>
        Good("args: ['--served-model-name', 'glm', '--max-model-len=4096']").ServedName.ShouldBe("glm");

    [Theory]
    [InlineData("--host=0.0.0.0")]
    [InlineData("--port")]
    [InlineData("--ho=1.2.3.4")]
    [InlineData("--por=1")]
    [InlineData("--PORT=1")]
    [InlineData("-tp")]
    [InlineData("-e")]
    [InlineData("--")]
    [InlineData("-")]
    [InlineData("--distributed-executor-backend=ray")]
    [InlineData("--distributed_executor_backend=ray")]
    [InlineData("--nnodes=2")]
    [InlineData("--api-key=x")]
    [InlineData("--ssl-keyfile=/x")]
    [InlineData("--ssl-something-new")]
    [InlineData("--reasoning-parser-plugin=x.py")]
    [InlineData("--reasoning-parser-pl=x.py")]
    [InlineData("--config=/x.yaml")]
    [InlineData("--model=a/b")]
    [InlineData("--trust-remote-code")]
    [InlineData("--trust_remote_code")]
    [InlineData("--trust-remote")]
    [InlineData("--chat-template=/etc/passwd")]
    [InlineData("--chat-templ=/etc/passwd")]
    [InlineData("--allowed-local-media-path=/")]
    [InlineData("--middleware=evil")]
    [InlineData("--enable-log-requests")]
    [InlineData("other/model")]
    public void A_reserved_or_dangerous_word_is_refused(string word) =>
        Problems($"args: ['{word}']").ShouldNotBeEmpty();

    [Fact]
    public void A_dangerous_word_is_taken_when_the_recipe_names_it()
    {
        Good("i_understand: [--trust-remote-code]\n    args: [--trust-remote-code]").Arguments.ShouldBe(["--trust-remote-code"]);
        Problems("i_understand: [--trust-remote-code]\n    args: ['--middleware=x']").ShouldHaveSingleItem().ShouldContain("--middleware");
        Problems("i_understand: [--host]\n    args: ['--host=x']").Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("A: 'b c'")]
    [InlineData("A: '$(id)'")]
    [InlineData("A: '*'")]
    [InlineData("A: 'b;c'")]
    [InlineData("'A B': c")]
    [InlineData("LD_PRELOAD: x")]
    [InlineData("HF_TOKEN: x")]
    [InlineData("OPENAI_API_KEY: x")]
    [InlineData("VLLM_SERVER_DEV_MODE: '1'")]
    public void A_variable_that_the_launcher_would_tear_or_that_is_dangerous_is_refused(string pair) =>
        Problems($"env: {{ {pair} }}").ShouldHaveSingleItem();

    [Theory]
    [InlineData("repo: -x/y")]
    [InlineData("repo: a")]
    [InlineData("image: --privileged")]
    [InlineData("image: 'a b'")]
    [InlineData("mods: [../../etc]")]
    [InlineData("mods: [/etc]")]
    [InlineData("mods: [mods/../x]")]
    [InlineData("placement: everywhere")]
    [InlineData("capabilities: [chatting]")]
    [InlineData("context_length: 010")]
    [InlineData("argz: []")]
    [InlineData("args: [--tensor-parallel-size, '2']")]
    [InlineData("context_length: 5\n    args: ['--max-model-len=6']")]
    public void Every_other_bad_value_is_refused_with_its_place(string line)
    {
        var text = line.StartsWith("repo", StringComparison.Ordinal) ? $"recipes:\n  - {line}\n" : $"recipes:\n  - repo: a/b\n    {line}\n";

        Read(text).Problems.ShouldHaveSingleItem().ShouldMatch(@"^Line \d+, column \d+: .+");
    }

    [Fact]
    public void All_problems_of_a_file_are_told_at_once_and_nothing_of_it_is_taken()
    {
        var reading = Read("recipes:\n  - repo: a/b\n  - repo: a/B\n  - name: x\n  - repo: c/d\n    args: ['--host=x', '--api-key=y']\nextra: 1\n");

        reading.Recipes.ShouldBeEmpty();
        reading.Problems.Length.ShouldBe(5);
    }

    [Fact]
    public void Whatever_words_a_recipe_holds_no_option_gets_through_that_is_reserved()
    {
        var pieces = Gen.Elements("--", "-", "h", "ho", "host", "port", "p", "_", "=", "x", "ssl-", "model", "api", "-key", " ", "nnodes", ".", "trust-remote-code", "{\"a\": 1}");
        var words = Gen.ArrayOf(pieces).Select(parts => string.Concat(parts)).Where(word => word.Length > 0);

        Prop.ForAll(words.ToArbitrary(), word =>
        {
            var isTaken = RecipeWords.FindFault(word, []) is null;
            // What argparse would make of it: the option up to '=' or '.', with '_' read as '-'.
            var option = word.Split('=', '.')[0].Replace('_', '-');
            var isOption = word[0] == '-';
            return !isTaken || !isOption
                || (option.StartsWith("--", StringComparison.Ordinal) && option.Length > 2
                    && !RecipeWords.Reserved.Concat(RecipeWords.Dangerous).Any(name => name.StartsWith(option, StringComparison.Ordinal)));
        }).QuickCheckThrowOnFailure();
    }

    private static Recipe Good(string lines)
    {
        var reading = Read($"recipes:\n  - repo: a/b\n    {lines}\n");
        reading.Problems.ShouldBeEmpty();
        return reading.Recipes.Single();
    }

    private static IReadOnlyCollection<string> Problems(string lines) => Read($"recipes:\n  - repo: a/b\n    {lines}\n").Problems;

    private static RecipeFileReading Read(string text) => RecipeFile.Read(GuardedYaml.Read(text), RecipeSource.Operator);
}
