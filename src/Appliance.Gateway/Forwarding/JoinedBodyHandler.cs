using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Sends a small body that is at hand together with the head of its request. The forwarder's own content sends the head first and alone, because it cannot know
/// when the first byte of a body will come: that is one more packet, and wakes the model server twice.
/// </summary>
internal sealed class JoinedBodyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<OutgoingBody> BodyKey = new("appliance.body");

    /// <summary>Has a request sent with this body, which is at hand, instead of its content; the content's headers are kept.</summary>
    public static void Join(HttpRequestMessage request, OutgoingBody body) => request.Options.Set(BodyKey, body);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is { Content: { } given } && request.Options.TryGetValue(BodyKey, out var body))
        {
            var joined = new StreamContent(body, (int)body.TotalLength!.Value);
            foreach (var (name, values) in given.Headers.NonValidated)
            {
                joined.Headers.TryAddWithoutValidation(name, values);
            }

            request.Content = joined;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
