using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Exchanges;

/// <summary>
/// Embeddings over the limits of their server: more texts than it takes at once are asked for in turn and joined in order; base64 is given also where the server
/// knows only numbers; vectors of another length than was asked for are an error instead of a surprise. What needs none of this passes as it came.
/// </summary>
internal sealed class EmbeddingsExchange(UpstreamCalls calls, BatchLimits limits)
{
    public async Task SendAsync(HttpContext context, PassThroughRoute route, Admission admission, WholeRequest request)
    {
        var upstream = admission.Upstream;
        var ask = EmbeddingsAsk.Read(request.Bytes);
        if (FindRefusal(ask, request, upstream) is { } refusal)
        {
            await FailureWriter.WriteAsync(context, refusal);
            return;
        }

        RequestFacts.Of(context)?.SendTo(upstream);
        context.Response.Headers["x-served-by"] = upstream.ModelId ?? upstream.Id;
        var parts = new List<PooledBody>();
        try
        {
            var failure = await AskAsync(route, upstream, request, ask, parts, CallTerms.Of(context, route, admission))
                ?? await AnswerAsync(context, ask, parts);
            if (failure is not null)
            {
                await FailureWriter.WriteAsync(context, failure);
            }
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    private static Failure? FindRefusal(EmbeddingsAsk ask, WholeRequest request, Upstream upstream)
    {
        var body = request.Bytes;
        if (ask.IsMedia && ask.Items.Any(item => !JsonScheme.IsData(body.Slice(item.Start + 1, Math.Max(0, item.Length - 2)))))
        {
            return Failure.BadRequest("Only data: URLs are accepted for pictures and sound. Send the content itself instead of an address.", "input", "media_url_not_allowed");
        }

        return ask.Dimensions is { } wanted && FindOnlySize(request, upstream) is { } only && wanted != only
            ? WrongSize(only, wanted)
            : null;
    }

    private static Failure WrongSize(int has, int wanted) => Failure.BadRequest(
        $"The vectors of this model have {has} numbers, and it was not made for shorter ones, so it cannot give {wanted}. Leave 'dimensions' out, or use another model.",
        "dimensions",
        "dimensions_not_supported");

    /// <summary>Null when all texts were answered.</summary>
    private async Task<Failure?> AskAsync(PassThroughRoute route, Upstream upstream, WholeRequest request, EmbeddingsAsk ask, List<PooledBody> parts, CallTerms terms)
    {
        var limit = await limits.FindAsync(upstream, ask.Items.Count, terms) ?? int.MaxValue;
        var done = 0;
        var keepsSize = ask.Dimensions is { } wanted && wanted == FindOnlySize(request, upstream);
        do
        {
            var take = Math.Min(limit, ask.Items.Count - done);
            switch (await calls.PostAsync(upstream, route.Path, Compose(request, ask, upstream, done, take, keepsSize), terms))
            {
                case CallOutcome.Answered { Body: var body }:
                    parts.Add(body);
                    done += take;
                    if (done < ask.Items.Count && parts.Sum(part => part.Length) > UpstreamCalls.LongestAnswer)
                    {
                        return Failure.AnswerTooLarge();
                    }

                    break;
                case CallOutcome.Refused refused when ask.Dimensions is not null && !keepsSize && IsAboutSize(refused):
                    // vLLM refuses the field for such a model even when it asks for the length that the vectors have: the answer's own length decides.
                    keepsSize = true;
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
        while (done < ask.Items.Count);
        return null;
    }

    /// <summary>The only length of the model's vectors, as far as its names tell.</summary>
    private static int? FindOnlySize(WholeRequest request, Upstream upstream) => EmbeddingSizes.Find([request.Model, upstream.ServedName, upstream.ModelId]);

    private static bool IsAboutSize(CallOutcome.Refused refused) =>
        refused.Status == StatusCodes.Status400BadRequest && refused.Body.Span.IndexOf("matryoshka"u8) >= 0;

    private static byte[] Compose(WholeRequest request, EmbeddingsAsk ask, Upstream upstream, int from, int count, bool keepsSize)
    {
        var body = request.Bytes;
        var edits = new List<BodyEdit>();
        if (request.FindNameEdit(upstream.ServedName) is { } name)
        {
            edits.Add(name);
        }

        if (keepsSize)
        {
            edits.Add(new BodyEdit(ask.DimensionsPlace.Start, ask.DimensionsPlace.Length, "null"u8.ToArray()));
        }

        if (count < ask.Items.Count)
        {
            var batch = new ArrayBufferWriter<byte>();
            for (var i = from; i < from + count; i++)
            {
                batch.Write(i == from ? "["u8 : ","u8);
                foreach (var piece in body.Slice(ask.Items[i].Start, ask.Items[i].Length))
                {
                    batch.Write(piece.Span);
                }
            }

            batch.Write("]"u8);
            edits.Add(new BodyEdit(ask.Input.Start, ask.Input.Length, batch.WrittenMemory));
        }

        return BodyEdits.Apply(body, edits);
    }

    /// <summary>Null when the answer was written.</summary>
    private static async Task<Failure?> AnswerAsync(HttpContext context, EmbeddingsAsk ask, List<PooledBody> parts)
    {
        if (parts.Count == 1 && !ask.WantsBase64 && ask.Dimensions is null)
        {
            await ExchangeAnswers.WriteAsync(context, parts[0]);
            return null;
        }

        var answers = parts.Select(part => EmbeddingsAnswer.Read(part.AsSequence())).ToArray();
        if (answers.Any(answer => answer is null) || answers.Sum(answer => answer!.Data.Count) != ask.Items.Count)
        {
            return Failure.UpstreamOdd();
        }

        var first = answers[0]!;
        var size = first.Data.Count == 0 ? 0 : VectorText.CountOf(parts[0].AsSequence().Slice(first.Data[0].Value.Start, first.Data[0].Value.Length), first.Data[0].IsText);
        if (ask.Dimensions is { } wanted && (size != wanted || EmbeddingSizes.Find(first.Model) is { } only && only != wanted))
        {
            return WrongSize(EmbeddingSizes.Find(first.Model) ?? size, wanted);
        }

        if (parts.Count == 1 && (!ask.WantsBase64 || first.Data.All(vector => vector.IsText)))
        {
            await ExchangeAnswers.WriteAsync(context, parts[0]);
            return null;
        }

        await WriteJoinedAsync(context, ask, parts, answers!);
        return null;
    }

    private static async Task WriteJoinedAsync(HttpContext context, EmbeddingsAsk ask, List<PooledBody> parts, EmbeddingsAnswer[] answers)
    {
        var output = ExchangeAnswers.Begin(context, length: null);
        output.Write("{\"object\":\"list\",\"data\":["u8);
        var offset = 0;
        for (var i = 0; i < answers.Length; i++)
        {
            var body = parts[i].AsSequence();
            foreach (var vector in answers[i].Data.OrderBy(vector => vector.Index))
            {
                output.Write(Encoding.UTF8.GetBytes($"{(offset + vector.Index == 0 ? "" : ",")}{{\"object\":\"embedding\",\"index\":{offset + vector.Index},\"embedding\":"));
                WriteVector(output, context, body.Slice(vector.Value.Start, vector.Value.Length), toBase64: ask.WantsBase64 && !vector.IsText);
                output.Write("}"u8);
                await output.FlushAsync(context.RequestAborted);
            }

            offset += answers[i].Data.Count;
        }

        var model = JsonEncodedText.Encode(answers[0].Model ?? string.Empty, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var tail = Encoding.UTF8.GetBytes(
            $"],\"model\":\"{model}\",\"usage\":{{\"prompt_tokens\":{answers.Sum(answer => answer.PromptTokens)},\"total_tokens\":{answers.Sum(answer => answer.TotalTokens)}}}}}");
        RequestFacts.Of(context)?.Pass(tail);
        output.Write(tail);
        await output.FlushAsync(context.RequestAborted);
    }

    private static void WriteVector(IBufferWriter<byte> output, HttpContext context, in ReadOnlySequence<byte> value, bool toBase64)
    {
        if (toBase64)
        {
            output.Write(Encoding.UTF8.GetBytes($"\"{VectorText.ToBase64(value)}\""));
            return;
        }

        foreach (var piece in value)
        {
            RequestFacts.Of(context)?.Pass(piece.Span);
            output.Write(piece.Span);
        }
    }
}
