using Appliance.Cluster.Events;
using Appliance.Problems;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Events;

internal static class EventEndpoints
{
    private const int PageSize = 100;
    private const int LargestPage = 1000;

    public static IEndpointConventionBuilder MapEvents(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/events").WithTags("Events").WithSecurityClass(SecurityClass.OperatorRead);
        group.MapGet("", Follow).WithName("FollowEvents").WithSummary("Every event as it happens, as server-sent events; resumes from Last-Event-ID");
        group.MapGet("/history", GetHistoryAsync).WithName("GetEventHistory").WithSummary("Stored events, newest last").ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static EventStream Follow(HttpRequest request, IEventLog events) =>
        new(cancellationToken => ReadAsync(events, LastEventId.Find(request), cancellationToken));

    private static async IAsyncEnumerable<StreamEvent> ReadAsync(
        IEventLog events, long? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A reader that states no id wants what comes; one with an id from before the store was replaced would wait for ever.
        var newest = (await events.ReadNewestAsync(type: null, 1, cancellationToken)).LastOrDefault()?.Id ?? 0;
        await foreach (var happened in events.FollowAsync(Math.Min(after ?? newest, newest), cancellationToken))
        {
            yield return new StreamEvent(happened.Id, happened.Type, EventWire.From(happened));
        }
    }

    private static async Task<Results<Ok<EventHistoryWire>, ProblemHttpResult>> GetHistoryAsync(
        IEventLog events, CancellationToken cancellationToken, long? after = null, string? type = null, int limit = PageSize)
    {
        if (after < 0 || limit is < 1 or > LargestPage)
        {
            return TypedResults.Problem(Problem.Of(Refusal.BadRequest with
            {
                Detail = $"after is the id of an event or 0, and limit is 1 to {LargestPage}.",
            }));
        }

        if (!string.IsNullOrEmpty(type) && !EventTypes.IsKnown(type))
        {
            return TypedResults.Problem(Problem.Of(
                Refusal.BadRequest with { Detail = "There is no such type of events.", Advice = "The field known lists the types." },
                ("known", EventTypes.All.Order(StringComparer.Ordinal).ToArray())));
        }

        // Who names no place wants to know what happened last, not what happened in the month the box was bought.
        type = string.IsNullOrEmpty(type) ? null : type;
        var page = after is { } place
            ? await events.ReadAsync(place, type, limit, cancellationToken)
            : [.. (await events.ReadNewestAsync(type, limit, cancellationToken)).Reverse()];
        return TypedResults.Ok(new EventHistoryWire([.. page.Select(EventWire.From)], page.IsEmpty ? after ?? 0 : page[^1].Id));
    }
}
