using Appliance.Cluster.Keys;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Keys;

internal static class KeyEndpoints
{
    public static IEndpointConventionBuilder MapKeys(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/keys").WithTags("Keys").WithSecurityClass(SecurityClass.Administer);
        group.MapGet("", GetKeys).WithName("GetKeys").WithSummary("The keys, without their secrets, and for what keys are asked");
        group.MapPost("", CreateKeyAsync).WithName("CreateKey").WithSummary("Make a key; its secret is in the answer, and never again")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapDelete("/{id}", RevokeKeyAsync).WithName("RevokeKey").WithSummary("Revoke a key; it is good for nothing from now on")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        return group;
    }

    private static Ok<KeysWire> GetKeys(KeyBook keys) => TypedResults.Ok(KeysWire.From(keys));

    private static async Task<Results<Created<NewKeyWire>, ProblemHttpResult>> CreateKeyAsync(KeyAskWire ask, KeyBook keys, CancellationToken cancellationToken)
    {
        if (!KeyWords.TryReadScope(ask.Scope, out var scope))
        {
            return KeyProblems.BadScope;
        }

        return await keys.CreateAsync(ask.Name, scope, cancellationToken) switch
        {
            KeyCreation.Created(var key, var token) => TypedResults.Created($"/api/keys/{key.Id}", NewKeyWire.From(key, token)),
            KeyCreation.BadName => KeyProblems.BadName,
            KeyCreation.NameTaken(var by) => KeyProblems.NameTaken(by),
            KeyCreation.TooMany(var most) => KeyProblems.TooMany(most),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<Results<Ok<KeyWire>, ProblemHttpResult>> RevokeKeyAsync(string id, KeyBook keys, CancellationToken cancellationToken) =>
        !KeyId.TryParse(id, out var parsed)
            ? KeyProblems.Unknown
            : await keys.RevokeAsync(parsed, cancellationToken) switch
            {
                KeyRevocation.Revoked(var key) => TypedResults.Ok(KeyWire.From(key)),
                KeyRevocation.Unknown => KeyProblems.Unknown,
                KeyRevocation.LastAdmin => KeyProblems.LastAdmin,
                _ => throw new System.Diagnostics.UnreachableException(),
            };
}
