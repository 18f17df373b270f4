using Appliance.Cluster.Webhooks;
using Appliance.Problems;
using Appliance.Security;
using Appliance.Swaps;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Webhooks;

internal static class WebhookEndpoints
{
    private const int Newest = 100;

    public static IEndpointConventionBuilder MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/webhooks").WithTags("Webhooks");
        group.MapGet("", GetWebhooksAsync).WithName("GetWebhooks").WithSummary("The messages about ended jobs and what became of them")
            .WithSecurityClass(SecurityClass.OperatorRead);
        group.MapPost("/{id}/retry", RetryAsync).WithName("RetryWebhook").WithSummary("Send a message again that was given up or skipped, or send a waiting one now")
            .WithSecurityClass(SecurityClass.Mutate)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/test", TestAsync).WithName("TestWebhook").WithSummary("Send a signed test message once and tell what the receiver said")
            .WithSecurityClass(SecurityClass.Mutate)
            .ProducesProblem(StatusCodes.Status409Conflict);
        return group;
    }

    private static async Task<Ok<WebhooksWire>> GetWebhooksAsync(WebhookDesk desk, CancellationToken cancellationToken) =>
        TypedResults.Ok(WebhooksWire.From(await desk.ReadAsync(Newest, cancellationToken)));

    private static async Task<Results<Accepted<WebhookWire>, ProblemHttpResult>> RetryAsync(string id, WebhookDesk desk, CancellationToken cancellationToken) =>
        WebhookId.TryParse(id, out var webhook)
            ? await desk.RetryAsync(webhook, cancellationToken) switch
            {
                RetryOutcome.Accepted accepted => TypedResults.Accepted("/api/webhooks", WebhookWire.From(accepted.Entry)),
                RetryOutcome.AlreadyDelivered => AlreadyDelivered,
                RetryOutcome.NotSet => NotSet,
                _ => Unknown,
            }
            : Unknown;

    private static async Task<Results<Ok<WebhookWire>, ProblemHttpResult>> TestAsync(HttpRequest request, WebhookDesk desk, CancellationToken cancellationToken) =>
        await desk.TestAsync(Requester.Of(request), cancellationToken) is { } entry ? TypedResults.Ok(WebhookWire.From(entry)) : NotSet;

    private static ProblemHttpResult Unknown => Answer(
        new Refusal(StatusCodes.Status404NotFound, "unknown_webhook", "There is no message of that id.", "GET /api/webhooks lists the newest ones."));

    private static ProblemHttpResult AlreadyDelivered => Answer(
        new Refusal(StatusCodes.Status409Conflict, "already_delivered", "The receiver has this message already, so it is not sent again."));

    private static ProblemHttpResult NotSet => Answer(new Refusal(
        StatusCodes.Status409Conflict, "no_receiver", "No receiver is set, so there is nobody to send a message to.", "Set SWAP_WEBHOOK_URL to the receiver's address."));

    private static ProblemHttpResult Answer(Refusal refusal) => TypedResults.Problem(Problem.Of(refusal));
}
