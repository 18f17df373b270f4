using System.Collections.Immutable;
using Appliance.Cluster.Models;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>What a stand-in will say to a request, token by token. Pure.</summary>
/// <param name="Pieces">The tokens.</param>
/// <param name="FinishReason">Why it ends: stop, length or tool_calls.</param>
internal sealed record FakeAnswer(ImmutableArray<FakePiece> Pieces, string FinishReason)
{
    private const int ArgumentPieceLength = 6;

    public static FakeAnswer To(FakeRequest request, FakeModel model, string? words)
    {
        var pieces = ImmutableArray.CreateBuilder<FakePiece>();
        if (model.Can(Capability.Reasoning) && !request.ThinkingIsOff)
        {
            Add(pieces, FakePieceKind.Reasoning, "The user wrote something. I will greet them and say who I am.");
        }

        if (request.Tool is { } tool && model.Can(Capability.Tools))
        {
            pieces.AddRange(tool.Arguments.Chunk(ArgumentPieceLength).Select(part => new FakePiece(FakePieceKind.ToolArguments, new string(part))));
            return Limit(pieces, request.MaxTokens, "tool_calls");
        }

        var text = words ?? Words(request, model);
        text = request.Format?.Invoke(text) ?? text;
        var stopAt = request.Stop.Where(stop => stop.Length > 0).Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(text.Length).Min();
        Add(pieces, FakePieceKind.Content, text[..stopAt]);
        return Limit(pieces, request.MaxTokens, "stop");
    }

    private static string Words(FakeRequest request, FakeModel model)
    {
        var greeting = $"Hello from {model.Name}.";
        var seen = request.Pictures switch
        {
            0 => string.Empty,
            1 => " I see one picture.",
            _ => $" I see {request.Pictures} pictures.",
        };
        return $"{greeting}{seen} This is the demo cluster: no model is running here, so I always say the same. "
            + $"Your message had {FakeTokenizer.Count(request.Prompt)} words. On real machines, the model that you picked would answer now.";
    }

    private static void Add(ImmutableArray<FakePiece>.Builder pieces, FakePieceKind kind, string text) =>
        pieces.AddRange(FakeTokenizer.Split(text).Select(token => new FakePiece(kind, token)));

    private static FakeAnswer Limit(ImmutableArray<FakePiece>.Builder pieces, int? maxTokens, string reason) =>
        maxTokens is { } limit && limit < pieces.Count
            ? new FakeAnswer([.. pieces.Take(limit)], "length")
            : new FakeAnswer(pieces.DrainToImmutable(), reason);
}
