using System.Net;

namespace Appliance.Swaps;

/// <summary>Who asks, in words for the history: what the program calls itself, else where it is.</summary>
internal static class Requester
{
    public const string Header = "X-Requested-By";
    private const int LongestName = 80;

    public static string Of(HttpRequest request)
    {
        var sent = request.Headers[Header];
        if (sent.Count == 1 && IsSane(sent[0]!.Trim()))
        {
            return sent[0]!.Trim();
        }

        return request.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            ? "a program on this machine"
            : "a program on the network";
    }

    private static bool IsSane(string name) =>
        name.Length is >= 1 and <= LongestName
        && name.All(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' or '@' or '/' or '(' or ')');
}
