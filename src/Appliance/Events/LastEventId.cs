using System.Globalization;

namespace Appliance.Events;

internal static class LastEventId
{
    /// <summary>The id behind which a reader wants to go on; null when it states none or one that is not ours.</summary>
    public static long? Find(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
