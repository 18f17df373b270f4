using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>The handshake of a WebSocket, both ways. Keys that browsers hide in the list of protocols stay here.</summary>
internal static class TunnelHeaders
{
    private static readonly string[] Request = ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions"];

    private static readonly string[] Answer = ["Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"];

    public static void CopyTo(IHeaderDictionary from, HttpRequestHeaders to)
    {
        foreach (var name in Request)
        {
            to.TryAddWithoutValidation(name, (IEnumerable<string?>)from[name]);
        }

        var protocols = from.SecWebSocketProtocol.SelectMany(value => (value ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(protocol => !protocol.StartsWith("openai-", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        if (protocols.Length > 0)
        {
            to.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", protocols));
        }
    }

    public static void CopyTo(HttpResponseHeaders from, IHeaderDictionary to)
    {
        foreach (var name in Answer)
        {
            if (from.TryGetValues(name, out var values))
            {
                to[name] = values.ToArray();
            }
        }
    }
}
