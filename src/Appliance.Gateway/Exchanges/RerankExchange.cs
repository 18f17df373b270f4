using System.Buffers;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Exchanges;

/// <summary>
/// Ranking in one shape, whatever server ranks: Cohere's and Jina's, best first, equal scores in the order of the texts, with a <c>score_kind</c> that says what
/// the scores are. More texts than the server takes at once are ranked in turn: each score depends on its own text only.
/// </summary>
internal sealed class RerankExchange(UpstreamCalls calls, BatchLimits limits, UpstreamHabits habits)
{
    /// <summary>vLLM, the described container, and then TEI and infinity, which know only the short one.</summary>
    private static readonly string[] Paths = ["v1/rerank", "rerank"];

    public async Task SendAsync(HttpContext context, PassThroughRoute route, Admission admission, WholeRequest request)
    {
        var upstream = admission.Upstream;
        var isScore = route.Exchange == RouteExchange.Score;
        var ask = RerankAsk.Read(request.Bytes, isScore ? RerankWords.Score : RerankWords.Rerank);
        if (ask.Problem is var (message, param))
        {
            await FailureWriter.WriteAsync(context, Failure.BadRequest(message, param));
            return;
        }

        RequestFacts.Of(context)?.SendTo(upstream);
        context.Response.Headers["x-served-by"] = upstream.ModelId ?? upstream.Id;
        var answers = new List<RerankAnswer>();
        var terms = CallTerms.Of(context, route, admission);
        if (await AskAsync(upstream, request, ask, answers, terms) is { } failure)
        {
            await FailureWriter.WriteAsync(context, failure);
            return;
        }

        var ranking = Join(ask, request, upstream, answers);
        var answer = isScore ? RankingWriter.WriteScores(ranking, terms.RequestId) : RankingWriter.Write(ranking, ask, request.Bytes, terms.RequestId);
        var output = ExchangeAnswers.Begin(context, answer.Length);
        RequestFacts.Of(context)?.Pass(answer.Span);
        await output.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>Null when all texts were ranked.</summary>
    private async Task<Failure?> AskAsync(Upstream upstream, WholeRequest request, RerankAsk ask, List<RerankAnswer> answers, CallTerms terms)
    {
        var limit = await limits.FindAsync(upstream, ask.Documents.Count, terms) ?? int.MaxValue;
        for (var done = 0; done < ask.Documents.Count;)
        {
            var take = Math.Min(limit, ask.Documents.Count - done);
            switch (await PostAsync(upstream, path => Compose(request, ask, upstream, path, done, take), terms))
            {
                case CallOutcome.Answered { Body: var body }:
                    using (body)
                    {
                        if (RerankAnswer.Read(body.AsSequence(), take) is not { } answer)
                        {
                            return Failure.UpstreamOdd();
                        }

                        answers.Add(answer with { Scores = [.. answer.Scores.Select(score => (score.Index + done, score.Score))] });
                    }

                    done += take;
                    break;
                case CallOutcome.Refused refused when limits.Learn(upstream, take, refused) is { } learned:
                    limit = learned;
                    break;
                case CallOutcome.Refused refused:
                    return refused.ToFailure();
                case CallOutcome.Failed { Failure: var failure }:
                    return failure;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }

        return null;
    }

    /// <summary>Asks where it was answered before; the first time, where it is answered at all.</summary>
    private async Task<CallOutcome> PostAsync(Upstream upstream, Func<string, byte[]> compose, CallTerms terms)
    {
        var habit = habits.Of(upstream);
        if (habit.RerankPath is { } known)
        {
            return await calls.PostAsync(upstream, known, compose(known), terms);
        }

        CallOutcome? first = null;
        foreach (var path in Paths)
        {
            var outcome = await calls.PostAsync(upstream, path, compose(path), terms);
            if (outcome is CallOutcome.Refused { Status: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed } refused && !IsAboutTheModel(refused))
            {
                first ??= outcome;
                continue;
            }

            habit.RerankPath = path;
            return outcome;
        }

        return first!;
    }

    private static bool IsAboutTheModel(CallOutcome.Refused refused) =>
        UpstreamErrorReader.Read(refused.Status, refused.Body).Error is { } error
        && (error.Param == "model" || error.Message.Contains("model `", StringComparison.OrdinalIgnoreCase));

    /// <summary>On the short path the texts stand under both names that servers read; what is not ours to understand goes along.</summary>
    private static byte[] Compose(WholeRequest request, RerankAsk ask, Upstream upstream, string path, int from, int count)
    {
        var body = request.Bytes;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, RankingWriter.Plain))
        {
            writer.WriteStartObject();
            if ((upstream.ServedName.Length > 0 ? upstream.ServedName : request.Model) is { } model)
            {
                writer.WriteString("model"u8, model);
            }

            Raw(writer, "query"u8, body, ask.Query);
            foreach (var name in path == Paths[0] ? (string[])["documents"] : ["documents", "texts"])
            {
                writer.WriteStartArray(name);
                foreach (var text in ask.Documents.Skip(from).Take(count))
                {
                    writer.WriteRawValue(body.Slice(text.Start, text.Length), skipInputValidation: true);
                }

                writer.WriteEndArray();
            }

            // Servers that give only the best few by themselves are told to give all: we cut.
            writer.WriteNumber("top_n"u8, count);
            writer.WriteBoolean("return_documents"u8, false);
            writer.WriteBoolean("raw_scores"u8, ask.WantsRawScores);
            writer.WriteEndObject();
        }

        return ask.Others.Count == 0 ? buffer.WrittenSpan.ToArray() : [.. buffer.WrittenSpan[..^1], .. Others(body, ask), (byte)'}'];
    }

    private static byte[] Others(in ReadOnlySequence<byte> body, RerankAsk ask)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var other in ask.Others)
        {
            buffer.Write(","u8);
            foreach (var piece in body.Slice(other.Start, other.Length))
            {
                buffer.Write(piece.Span);
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    private Ranking Join(RerankAsk ask, WholeRequest request, Upstream upstream, List<RerankAnswer> answers)
    {
        var scores = answers.SelectMany(answer => answer.Scores).OrderByDescending(score => score.Score).ThenBy(score => score.Index).ToArray();
        return new Ranking(
            answers[0].Model ?? (upstream.ServedName.Length > 0 ? upstream.ServedName : request.Model ?? upstream.Id),
            scores,
            FindKind(habits.Of(upstream), answers[0].Server, ask.WantsRawScores, scores.Select(score => score.Score)),
            answers.Sum(answer => answer.PromptTokens),
            answers.Sum(answer => answer.TotalTokens));
    }

    private static void Raw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, in ReadOnlySequence<byte> body, JsonSlice value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(body.Slice(value.Start, value.Length), skipInputValidation: true);
    }

    /// <summary>Whether scores are the model's own numbers, or probabilities from 0 to 1. Servers differ, and thresholds of programs depend on it.</summary>
    internal static string FindKind(UpstreamHabit habit, RerankServer server, bool wantsRaw, IEnumerable<double> scores)
    {
        var isOutside = scores.Any(score => score is < 0 or > 1);
        habit.GivesLogits |= server is RerankServer.Raw || (isOutside && !wantsRaw);
        var isLogit = habit.GivesLogits || isOutside || (wantsRaw && server is RerankServer.Tei or RerankServer.Infinity);
        return isLogit ? "logit" : "sigmoid";
    }
}
