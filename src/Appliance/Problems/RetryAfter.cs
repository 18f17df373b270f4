using Microsoft.Net.Http.Headers;

namespace Appliance.Problems;

/// <summary>When it is worth asking again.</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds, rounded up, at least one: who comes back then is not too early.</summary>
    public static long Seconds(TimeSpan left) => Math.Max(1, (long)Math.Ceiling(left.TotalSeconds));

    public static void Say(HttpResponse response, TimeSpan left) => response.Headers[HeaderNames.RetryAfter] = Seconds(left).ToString();
}
