using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// The head of an answer whose real head is out already. The forwarder sets status and headers of every answer, and refuses one that looks begun: here it
/// finds a head that it may fill in, and that nobody sends.
/// </summary>
internal sealed class BegunResponse(IHttpResponseFeature sent) : IHttpResponseFeature
{
    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    /// <summary>Whether the upstream's answer, or an error, has begun to be written.</summary>
    public bool HasStarted { get; set; }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body
    {
        get => sent.Body;
        set => sent.Body = value;
    }

    /// <summary>The moment has passed.</summary>
    public void OnStarting(Func<object, Task> callback, object state)
    {
    }

    public void OnCompleted(Func<object, Task> callback, object state) => sent.OnCompleted(callback, state);
}
