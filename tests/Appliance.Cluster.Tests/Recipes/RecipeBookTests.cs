using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Recipes;

public sealed class RecipeBookTests : IDisposable
{
    private static readonly RepoId Gemma = RepoId.Parse("google/gemma-4-26B-A4B-it");

    private readonly TemporaryFolder _folder = new();

    private DataDirectory Data => new(_folder.Path);

    [Fact]
    public void Without_an_operators_file_the_catalog_is_in_force()
    {
        var book = Open();

        book.All.Length.ShouldBe(RecipeCatalog.Recipes.Length);
        book.Problems.ShouldBeEmpty();
        book.Find(RepoId.Parse("GOOGLE/Gemma-4-26b-a4b-IT")).ShouldNotBeNull().Source.ShouldBe(RecipeSource.Catalog);
    }

    [Fact]
    public void The_operators_recipe_wins_over_the_catalog()
    {
        Write("recipes:\n  - repo: google/gemma-4-26B-A4B-it\n    name: My Gemma\n  - repo: alice/tuned\n");
        var book = Open();

        book.Find(Gemma).ShouldNotBeNull().Name.ShouldBe("My Gemma");
        book.Find(RepoId.Parse("alice/tuned")).ShouldNotBeNull().Source.ShouldBe(RecipeSource.Operator);
        book.All.Length.ShouldBe(RecipeCatalog.Recipes.Length + 1);
    }

    [Fact]
    public async Task A_changed_file_is_read_again_and_a_bad_one_changes_nothing_but_the_problems()
    {
        var book = Open();
        Write("recipes:\n  - repo: alice/tuned\n    name: First\n");
        await book.LookAgainAsync(CancellationToken.None);
        book.Find(RepoId.Parse("alice/tuned"))!.Name.ShouldBe("First");

        Write("recipes:\n  - repo: alice/tuned\n    nmae: Second\n");
        await book.LookAgainAsync(CancellationToken.None);
        book.Find(RepoId.Parse("alice/tuned"))!.Name.ShouldBe("First");
        book.Problems.ShouldHaveSingleItem().ShouldStartWith("Line 3, column 5: 'nmae' is not known here");
        File.ReadAllText(Data.OperatorRecipes).ShouldContain("nmae");

        File.Delete(Data.OperatorRecipes);
        await book.LookAgainAsync(CancellationToken.None);
        book.Find(RepoId.Parse("alice/tuned")).ShouldBeNull();
        book.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void After_a_restart_with_a_bad_file_the_last_good_recipes_are_in_force()
    {
        Write("recipes:\n  - repo: alice/tuned\n");
        Open();
        Write("recipes: [");

        var book = Open();

        book.Find(RepoId.Parse("alice/tuned")).ShouldNotBeNull();
        book.Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_good_file_cut_anywhere_never_stops_the_start()
    {
        const string Good = "recipes:\n  - repo: alice/tuned\n    args: ['--x={\"a\": 1}']\n    env: { A: b }\n";
        for (var length = 0; length <= Good.Length; length++)
        {
            Write(Good[..length]);
            var book = Open();

            book.All.Length.ShouldBeGreaterThanOrEqualTo(RecipeCatalog.Recipes.Length);
        }
    }

    public void Dispose() => _folder.Dispose();

    private RecipeBook Open() => new(Data, NullLogger<RecipeBook>.Instance);

    private void Write(string text) => File.WriteAllText(Data.OperatorRecipes, text);
}
