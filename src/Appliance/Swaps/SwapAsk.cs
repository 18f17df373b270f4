using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Reservations;

namespace Appliance.Swaps;

/// <summary>A wish whose fields have been checked.</summary>
internal sealed record SwapAsk(SwapRequest Request, bool IsDryRun, TimeSpan Wait)
{
    public const string IdempotencyHeader = "Idempotency-Key";
    private const int LongestModel = 300;
    private const int LongestNote = 500;
    private const int LongestKey = 200;
    private const double LongestWaitSeconds = 1800;

    /// <summary>Null with a refusal, or the wish without one.</summary>
    public static (SwapAsk? Ask, Problems.Refusal? Refusal) Read(SwapAskWire wire, HttpRequest request)
    {
        if (string.IsNullOrWhiteSpace(wire.Model) || wire.Model.Length > LongestModel || wire.Model.Any(char.IsControl))
        {
            return (null, Field("model", "model has to name a model: its id, its repo or the name it answers to."));
        }

        if (!LaneId.TryParse(wire.Lane ?? LaneId.Main.Value, out var lane))
        {
            return (null, Field("lane", "lane has to be the id of a lane, for example main."));
        }

        if (wire.Note is { } note && (note.Length > LongestNote || note.Any(char.IsControl)))
        {
            return (null, Field("note", $"note is one line of at most {LongestNote} characters."));
        }

        if (wire.WaitSeconds is < 0 or > LongestWaitSeconds)
        {
            return (null, Field("wait_seconds", $"wait_seconds is 0 to {LongestWaitSeconds}."));
        }

        var key = request.Headers[IdempotencyHeader];
        if (key.Count > 1 || (key.Count == 1 && !IsUsableKey(key[0]!)))
        {
            return (null, Field(IdempotencyHeader, $"{IdempotencyHeader} is 1 to {LongestKey} visible ASCII characters."));
        }

        var wish = new SwapRequest
        {
            Model = wire.Model.Trim(),
            Lane = lane,
            RequestedBy = Requester.Of(request),
            Queue = wire.Queue == true,
            Pass = SwapToken.PassOf(request, wire.Token, wire.Force == true),
            Note = wire.Note,
            IdempotencyKey = key.Count == 1 ? key[0] : null,
        };
        return (new SwapAsk(wish, wire.DryRun == true, TimeSpan.FromSeconds(wire.WaitSeconds ?? 0)), null);
    }

    private static bool IsUsableKey(string key) => key.Length is >= 1 and <= LongestKey && key.All(letter => letter is > ' ' and < '\u007f');

    private static Problems.Refusal Field(string name, string detail) => Problems.Refusal.BadRequest with { Code = "bad_field", Detail = detail, Advice = $"Correct {name} and send it again." };
}
