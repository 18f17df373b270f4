using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Exchanges;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.PassThrough;

/// <summary>Every path that is forwarded. Nothing else reaches a model server.</summary>
internal static class PassThroughTable
{
    public const long Mebibyte = 1024 * 1024;

    /// <summary>Pictures travel as base64 inside chat bodies: a 12-megapixel photo is 4 to 16 MB.</summary>
    private const long ChatBody = 64 * Mebibyte;

    private const long TextBody = 16 * Mebibyte;

    /// <summary>A long prompt on a small machine is read for minutes before the first token; an answer that is not streamed is made whole first.</summary>
    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(300);

    /// <summary>A stream without a token for so long is dead.</summary>
    private static readonly TimeSpan BetweenTokens = TimeSpan.FromSeconds(120);

    /// <summary>A batch of vectors behind other batches; counting tokens.</summary>
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(30);

    /// <summary>A recording of an hour is heard in minutes.</summary>
    private static readonly TimeSpan Hearing = TimeSpan.FromSeconds(300);

    /// <summary>Telling voices apart takes longer than words.</summary>
    private static readonly TimeSpan TellingApart = TimeSpan.FromSeconds(600);

    /// <summary>The first sentence of a text.</summary>
    private static readonly TimeSpan Speaking = TimeSpan.FromSeconds(60);

    /// <summary>Somebody thinks before speaking on.</summary>
    private static readonly TimeSpan Pausing = TimeSpan.FromSeconds(300);

    public static ImmutableArray<PassThroughRoute> Routes { get; } =
    [
        Chat("CreateChatCompletion", "/v1/chat/completions", "Answer a conversation, whole or as a stream.") with { StreamEnd = StreamEnd.Done },
        Chat("CreateCompletion", "/v1/completions", "Continue a text, whole or as a stream.") with { StreamEnd = StreamEnd.Done, BodyLimit = TextBody },
        Chat("CreateResponse", "/v1/responses", "Answer in the Responses API, whole or as typed events.") with { StreamEnd = StreamEnd.ResponseEvent },
        Messages("CreateMessage", "/v1/messages", "Answer in Anthropic's Messages API, whole or as typed events.") with { StreamEnd = StreamEnd.MessageStop },
        Messages("CountMessageTokens", "/v1/messages/count_tokens", "Count the tokens of a request to the Messages API.") with { FirstByte = Reading, Idle = Reading },
        Texts("CreateEmbeddings", "/v1/embeddings", "Turn texts into vectors.") with { Task = UpstreamTask.Embeddings, Exchange = RouteExchange.Embeddings },
        Rerank("CreateRerank", "/v1/rerank", "Rank texts by a question."),
        Rerank("CreateRerankShort", "/rerank", "The same under the path of TEI, infinity and vLLM."),
        Rerank("CreateRerankV2", "/v2/rerank", "The same under the path of Cohere."),
        Rerank("CreateScore", "/v1/score", "Score texts by a question, in vLLM's words.") with { Exchange = RouteExchange.Score },
        Rerank("CreateScoreShort", "/score", "The same under vLLM's short path.") with { Exchange = RouteExchange.Score },
        Sound("CreateTranscription", "/v1/audio/transcriptions", "Write down what is said in a recording."),
        Sound("CreateTranslation", "/v1/audio/translations", "Write down in English what is said in a recording."),
        Sound("CreateDiarization", "/v1/audio/diarize", "Tell who speaks when in a recording.") with { FirstByte = TellingApart },
        Sound("CreateChunkDiarization", "/v1/audio/diarize-chunk", "Tell who speaks when in a part of a recording, with a fingerprint of each voice.") with { FirstByte = TellingApart },
        Texts("CreateSpeech", "/v1/audio/speech", "Speak a text.") with { Task = UpstreamTask.Speech, FirstByte = Speaking, Idle = BetweenTokens },
        Texts("ListVoices", "/v1/audio/voices", "The voices that can speak.") with
        {
            Method = HttpMethods.Get,
            Task = UpstreamTask.Speech,
            ModelName = ModelNamePlace.Query,
            BodyLimit = 0,
            Query = ["model", "model_id", "legacy"],
        },
        Texts("ConnectRealtime", "/v1/realtime", "A WebSocket to the speech-to-text server, passed through.") with
        {
            Method = HttpMethods.Get,
            Task = UpstreamTask.Transcription,
            ModelName = ModelNamePlace.Query,
            BodyLimit = 0,
            Query = ["model", "intent", "language"],
            Idle = Pausing,
            IsTunnel = true,
        },
        Texts("Tokenize", "/tokenize", "Cut a text or a conversation into the model's tokens."),
        Texts("Detokenize", "/detokenize", "Put tokens together again."),
    ];

    private static PassThroughRoute Chat(string name, string path, string summary) => new()
    {
        Name = name,
        Summary = summary,
        Method = HttpMethods.Post,
        Path = path,
        Task = UpstreamTask.Chat,
        ModelName = ModelNamePlace.JsonBody,
        BodyLimit = ChatBody,
        FirstByte = Thinking,
        Idle = BetweenTokens,
    };

    private static PassThroughRoute Messages(string name, string path, string summary) =>
        Chat(name, path, summary) with { Errors = ErrorDialect.Anthropic, Media = MediaFields.WithSources };

    private static PassThroughRoute Texts(string name, string path, string summary) =>
        Chat(name, path, summary) with { BodyLimit = TextBody, FirstByte = Reading, Idle = Reading };

    private static PassThroughRoute Rerank(string name, string path, string summary) =>
        Texts(name, path, summary) with { Task = UpstreamTask.Embeddings, Exchange = RouteExchange.Rerank };

    private static PassThroughRoute Sound(string name, string path, string summary) => Chat(name, path, summary) with
    {
        Task = UpstreamTask.Transcription,
        ModelName = ModelNamePlace.Form,
        BodyLimitSetting = GatewaySettings.AudioLimit,
        FirstByte = Hearing,
    };
}
