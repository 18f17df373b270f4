using System.Text.Json;
using Appliance.Cluster.Settings;
using Appliance.Security;
using Appliance.Swaps;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Settings;

internal static class SettingEndpoints
{
    public static IEndpointConventionBuilder MapSettings(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api").WithTags("Settings");
        group.MapGet("/settings", GetSettings).WithName("GetSettings").WithSummary("Everything that can be set, with its value, range and source; secrets only say whether they are set")
            .WithSecurityClass(SecurityClass.OperatorRead);
        group.MapPut("/settings", ChangeSettingsAsync).WithName("ChangeSettings").WithSummary("Change settings, all of them or none; null puts one back")
            .WithSecurityClass(SecurityClass.Administer)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        group.MapPost("/config/reload", ReloadAsync).WithName("ReloadConfiguration").WithSummary("Look at the edited files now, and say what is wrong with them")
            .WithSecurityClass(SecurityClass.Administer);
        return group;
    }

    private static Ok<SettingsWire> GetSettings(SettingsBook book) => TypedResults.Ok(SettingsWire.From(book));

    private static async Task<Results<Ok<SettingsWire>, ProblemHttpResult>> ChangeSettingsAsync(
        JsonElement wishes, HttpRequest request, SettingsBook book, CancellationToken cancellationToken)
    {
        if (wishes.ValueKind != JsonValueKind.Object)
        {
            return SettingProblems.NoObject;
        }

        var (changes, bad) = SettingWishes.Read(wishes);
        if (!bad.IsEmpty)
        {
            // What could be read is checked all the same, so that everything is told at once.
            return SettingProblems.Bad([.. bad, .. book.FindProblems(changes)]);
        }

        return await book.SetAsync(changes, Requester.Of(request), cancellationToken) switch
        {
            SettingsOutcome.Done => TypedResults.Ok(SettingsWire.From(book)),
            SettingsOutcome.Refused refused => SettingProblems.Bad(refused.Problems),
            SettingsOutcome.NotStored failed => SettingProblems.NotStored(failed),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<Ok<ReloadWire>> ReloadAsync(ConfigurationWatch watch, SettingsBook book, CancellationToken cancellationToken)
    {
        await watch.LookAgainAsync(cancellationToken);
        return TypedResults.Ok(new ReloadWire(
            [.. watch.Files.Select(file => new EditedFileWire(file.FileName, file.Problems.IsEmpty, file.Problems))],
            [.. book.WaitingForRestart.Select(setting => setting.Name)]));
    }
}
