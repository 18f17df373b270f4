using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Topology;
using Appliance.Problems;
using Appliance.Security;
using Appliance.Swaps;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Routing;

internal static class AliasEndpoints
{
    public static IEndpointConventionBuilder MapAliases(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/aliases").WithTags("Models");
        group.MapGet("", GetAliases).WithSecurityClass(SecurityClass.OperatorRead)
            .WithName("GetAliases").WithSummary("What aliases stand for: the preferred models of each, or the port of a fixed one");
        group.MapPut("", PutAliasesAsync).WithSecurityClass(SecurityClass.Mutate)
            .WithName("PutAliases").WithSummary("Say what aliases stand for; all of them at once")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        return group;
    }

    private static Ok<Dictionary<string, IReadOnlyList<string>>> GetAliases(IUpstreams upstreams) => TypedResults.Ok(ListOf(upstreams));

    private static async Task<Results<Ok<Dictionary<string, IReadOnlyList<string>>>, ProblemHttpResult>> PutAliasesAsync(
        Dictionary<string, IReadOnlyList<string>> wish, HttpRequest request, AliasBook book, IUpstreams upstreams, CancellationToken cancellationToken)
    {
        // JSON may hold null where a text belongs; an empty name is told as a mistake.
        var lists = wish.ToDictionary(
            list => list.Key,
            list => list.Value is null ? ImmutableArray<string>.Empty : [.. list.Value.Select(model => (string?)model ?? string.Empty)],
            StringComparer.Ordinal);
        return await book.ReplaceAsync(lists, Requester.Of(request), cancellationToken) switch
        {
            AliasOutcome.Refused refused => TypedResults.Problem(Problem.Of(
                new Problems.Refusal(
                    StatusCodes.Status422UnprocessableEntity,
                    "bad_aliases",
                    refused.Problems.Length == 1 ? refused.Problems[0].Message : $"{refused.Problems.Length} things are wrong with these aliases, so nothing was changed.",
                    "The field errors lists every mistake with its alias."),
                ("errors", refused.Problems.Select(problem => new AliasErrorWire(problem.Alias, problem.Message)).ToArray()))),
            AliasOutcome.Changed => TypedResults.Ok(ListOf(upstreams)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Dictionary<string, IReadOnlyList<string>> ListOf(IUpstreams upstreams) => upstreams.Aliases.ToDictionary(
        alias => alias.Name,
        IReadOnlyList<string> (alias) => alias.Port is { } port ? [PortAlias.TextOf(port)] : alias.Models,
        StringComparer.Ordinal);
}
