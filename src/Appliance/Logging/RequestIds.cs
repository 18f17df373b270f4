using System.Text.RegularExpressions;

namespace Appliance.Logging;

/// <summary>The id that ties an answer to the log: the caller's own when it is sane, else a new one.</summary>
internal static partial class RequestIds
{
    public const string Header = "x-request-id";

    public static string TakeOrMint(HttpRequest request)
    {
        var sent = request.Headers[Header];
        return sent.Count == 1 && Grammar().IsMatch(sent[0]!) ? sent[0]! : $"req-{Guid.CreateVersion7():n}";
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
