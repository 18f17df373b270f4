using System.Globalization;
using Appliance.Cluster.Metrics;
using Appliance.Ui;

namespace Appliance.Metrics;

/// <summary>The facts of requests in plain words. Pure.</summary>
internal static class RequestWords
{
    /// <summary>"A conversation", "Speech to text"; the path itself for the others.</summary>
    public static string Kind(string route) => route switch
    {
        "/v1/chat/completions" or "/v1/responses" or "/v1/messages" => "A conversation",
        "/v1/completions" => "A text continued",
        "/v1/embeddings" => "Texts turned into vectors",
        "/v1/rerank" or "/v2/rerank" or "/rerank" => "Texts put in order",
        "/v1/audio/transcriptions" or "/v1/audio/translations" => "Speech to text",
        "/v1/audio/speech" => "Text to speech",
        "/v1/models" or "/v1/models/{**id}" => "The list of models",
        "/v1/{**rest}" => "An address that does not exist",
        _ => route,
    };

    /// <summary>"2.1 s, first word after 0.4 s, waited 1 min for the model".</summary>
    public static string Times(RequestRecord request)
    {
        var parts = new List<string> { TimeWords.Duration(request.Duration) };
        if (request is { IsStreamed: true, FirstToken: { } first })
        {
            parts.Add($"first word after {TimeWords.Duration(first)}");
        }

        AddWait(parts, request.WaitedForModel, "for the model");
        AddWait(parts, request.WaitedForTurn, "for its turn");
        return string.Join(", ", parts);
    }

    /// <summary>"1,200 tokens read, 310 written"; null when the server did not count.</summary>
    public static string? Tokens(long? tokensIn, long? tokensOut) => (tokensIn, tokensOut) switch
    {
        (null, null) => null,
        ({ } read, null) => $"{Number(read)} tokens read",
        (null, { } written) => $"{Number(written)} tokens written",
        ({ } read, { } written) => $"{Number(read)} tokens read, {Number(written)} written",
    };

    /// <summary>"1,234 requests, 12 of them went wrong", "one request".</summary>
    public static string Requests(GatewayNumbers numbers)
    {
        var wrong = numbers.Errors.Values.Sum();
        var all = numbers.Requests == 1 ? "one request" : $"{Number(numbers.Requests)} requests";
        return wrong == 0 ? all : $"{all}, {Number(wrong)} of them not answered whole";
    }

    /// <summary>"usually 2.1 s, first word after 0.4 s, 97 tokens a second"; null before the first answer.</summary>
    public static string? Usually(GatewayNumbers numbers)
    {
        var parts = new List<string>();
        if (numbers.Duration?.Buckets.FindQuantile(0.5) is { } duration)
        {
            parts.Add($"usually {TimeWords.Duration(TimeSpan.FromSeconds(duration))}");
        }

        if (numbers.FirstToken?.Buckets.FindQuantile(0.5) is { } first)
        {
            parts.Add($"first word after {TimeWords.Duration(TimeSpan.FromSeconds(first))}");
        }

        if (numbers.TokensPerSecond?.Buckets.FindQuantile(0.5) is { } speed)
        {
            parts.Add($"{NumberWords.Rate(speed)} tokens a second");
        }

        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    private static void AddWait(List<string> parts, TimeSpan wait, string what)
    {
        if (wait >= TimeSpan.FromSeconds(0.1))
        {
            parts.Add($"waited {TimeWords.Duration(wait)} {what}");
        }
    }

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
