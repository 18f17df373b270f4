using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.PassThrough;

/// <summary>Every path that is forwarded. Nothing else reaches a model server.</summary>
internal static class PassThroughTable
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Pictures travel as base64 inside chat bodies: a 12-megapixel photo is 4 to 16 MB.</summary>
    private const long ChatBody = 64 * Mebibyte;

    private const long TextBody = 16 * Mebibyte;

    /// <summary>A long prompt on a small machine is read for minutes before the first token.</summary>
    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(300);

    /// <summary>A batch of embeddings behind other batches.</summary>
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(120);

    public static ImmutableArray<PassThroughRoute> Routes { get; } =
    [
        new()
        {
            Name = "CreateChatCompletion",
            Summary = "Answer a conversation, whole or as a stream.",
            Method = HttpMethods.Post,
            Path = "/v1/chat/completions",
            Task = UpstreamTask.Chat,
            ModelName = ModelNamePlace.JsonBody,
            BodyLimit = ChatBody,
            Silence = Thinking,
            StreamEndsWithDone = true,
        },
        new()
        {
            Name = "CreateCompletion",
            Summary = "Continue a text, whole or as a stream.",
            Method = HttpMethods.Post,
            Path = "/v1/completions",
            Task = UpstreamTask.Chat,
            ModelName = ModelNamePlace.JsonBody,
            BodyLimit = TextBody,
            Silence = Thinking,
            StreamEndsWithDone = true,
        },
        new()
        {
            Name = "CreateEmbeddings",
            Summary = "Turn texts into vectors.",
            Method = HttpMethods.Post,
            Path = "/v1/embeddings",
            Task = UpstreamTask.Embeddings,
            ModelName = ModelNamePlace.JsonBody,
            BodyLimit = TextBody,
            Silence = Reading,
        },
    ];
}
