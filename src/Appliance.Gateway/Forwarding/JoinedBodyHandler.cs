using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Sends a small body that is at hand together with the head of its request. The forwarder's own content sends the head first and alone, because it cannot know
/// when the first byte of a body will come: that is one more packet, and wakes the model server twice.
/// </summary>
internal sealed class JoinedBodyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<HttpContent> ContentKey = new("appliance.body");

    /// <summary>Has a request sent with this body, which is at hand, instead of its content, and returns the content that describes it: the headers are the caller's to set.</summary>
    public static HttpContent Join(HttpRequestMessage request, OutgoingBody body)
    {
        var joined = new StreamContent(body, (int)body.TotalLength!.Value);
        request.Options.Set(ContentKey, joined);
        return joined;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(ContentKey, out var joined))
        {
            request.Content = joined;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
