using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Exchanges;

/// <summary>How many texts an upstream takes at once: asked for where it can be asked, else read from its refusal.</summary>
internal sealed partial class BatchLimits(UpstreamCalls calls, UpstreamHabits habits)
{
    /// <summary>The smallest default of any known server (TEI); no question is asked below it.</summary>
    private const int NeverTooMany = 32;

    private static readonly TimeSpan InfoPatience = TimeSpan.FromSeconds(2);

    /// <summary>The limit, for so many texts; null while none is known.</summary>
    public async Task<int?> FindAsync(Upstream upstream, int texts, CallTerms terms)
    {
        var habit = habits.Of(upstream);
        if (texts > NeverTooMany && habit is { BatchLimit: null, WasAskedForLimit: false })
        {
            habit.WasAskedForLimit = true;
            if (await calls.GetAsync(upstream, "info", terms with { Patience = InfoPatience, Turn = null }) is CallOutcome.Answered { Body: var body })
            {
                using (body)
                {
                    habit.BatchLimit = ReadInfo(body.AsSequence());
                }
            }
        }

        return habit.BatchLimit;
    }

    /// <summary>The limit, when a refusal means "too many at once", which is known from now on; null when it means something else.</summary>
    public int? Learn(Upstream upstream, int texts, CallOutcome.Refused refusal)
    {
        var limit = FindInRefusal(refusal.Status, refusal.Body.Span, texts);
        if (limit is not null)
        {
            habits.Of(upstream).BatchLimit = limit;
        }

        return limit;
    }

    /// <summary>TEI's <c>max_client_batch_size</c>; null for anything else.</summary>
    internal static int? ReadInfo(in System.Buffers.ReadOnlySequence<byte> body)
    {
        try
        {
            using var info = JsonDocument.Parse(body);
            return info.RootElement.ValueKind == JsonValueKind.Object && info.RootElement.TryGetProperty("max_client_batch_size", out var size)
                && size.TryGetInt32(out var limit) && limit > 0 ? limit : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Some other server's idea of /info.
            return null;
        }
    }

    /// <summary>A limit below what was sent; null when the refusal has another reason.</summary>
    internal static int? FindInRefusal(int status, ReadOnlySpan<byte> body, int texts)
    {
        if (status is not (400 or 413 or 422) || texts < 2)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(body);
        if (Limit().Match(text) is { Success: true } match)
        {
            var limit = match.Groups.Values.Skip(1).First(group => group.Success).Value;
            return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number < texts ? number : null;
        }

        // It speaks of the batch and gives no number: half of it is the next try.
        return text.Contains("batch size", StringComparison.OrdinalIgnoreCase) ? texts / 2 : null;
    }

    /// <summary>TEI: "batch size 64 > maximum allowed batch size 32"; infinity and other FastAPI servers: "List should have at most 2048 items".</summary>
    [GeneratedRegex(@"maximum allowed batch size (\d{1,7})|at most (\d{1,7}) item", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Limit();
}
