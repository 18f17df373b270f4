using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Chat;
using OpenAI.Embeddings;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.OpenAi;

public sealed class OfficialClientTests
{
    [Fact]
    public async Task Chat_streams_under_any_name_of_the_model()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        foreach (var name in (string[])["qwen-served", "qwen--qwen3.6-35b", "qwen/QWEN3.6-35b", "default"])
        {
            var text = string.Empty;
            await foreach (var update in Chat(rig, name).CompleteChatStreamingAsync([new UserChatMessage("Good morning")]))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            }

            text.ShouldStartWith("Hello from Qwen3.6 35B.");
        }

        server.CompletedRequests.ShouldBe(4);
    }

    [Fact]
    public async Task Tool_call_arrives_in_pieces_and_its_result_is_answered()
    {
        var (rig, _) = await GatewayRig.StartWithQwenAsync();
        await using var __ = rig;
        var tool = ChatTool.CreateFunctionTool("get_weather", "Weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}}}"""));
        var arguments = string.Empty;
        string? name = null, id = null;
        await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("Weather?")], new ChatCompletionOptions { Tools = { tool } }))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name ??= call.FunctionName;
                id ??= call.ToolCallId;
                arguments += call.FunctionArgumentsUpdate?.ToString();
            }
        }

        name.ShouldBe("get_weather");
        arguments.ShouldBe("""{"city":"city","days":1}""");
        ChatMessage[] second = [new UserChatMessage("Weather?"), new AssistantChatMessage([ChatToolCall.CreateFunctionToolCall(id, name, BinaryData.FromString(arguments))]), new ToolChatMessage(id, "sunny")];
        ChatCompletion answer = await Chat(rig).CompleteChatAsync(second, new ChatCompletionOptions { Tools = { tool } }).DefaultTimeout();
        answer.Content[0].Text.ShouldStartWith("Hello from");
    }

    [Fact]
    public async Task Picture_as_data_reaches_a_model_that_sees()
    {
        var (rig, _) = await GatewayRig.StartWithQwenAsync();
        await using var __ = rig;
        var picture = ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(new byte[300_000]), "image/png");

        ChatCompletion answer = await Chat(rig).CompleteChatAsync([new UserChatMessage(ChatMessageContentPart.CreateTextPart("What is this?"), picture)]).DefaultTimeout();

        answer.Content[0].Text.ShouldContain("I see one picture.");
    }

    [Fact]
    public async Task Embeddings_come_as_base64_and_are_the_same_as_numbers()
    {
        await using var rig = await GatewayRig.StartAsync();
        var server = rig.Own(await FakeEmbeddingServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        rig.Upstreams.Add(GatewayRig.Serving(server.Port, string.Empty, null, UpstreamTask.Embeddings) with { Names = ["bge-m3"] });
        var client = new EmbeddingClient("bge-m3", new ApiKeyCredential("none"), Options(rig));

        OpenAIEmbeddingCollection vectors = await client.GenerateEmbeddingsAsync(["the cat", "the dog"]).DefaultTimeout();

        vectors.Count.ShouldBe(2);
        var vector = vectors[0].ToFloats().ToArray();
        vector.Length.ShouldBe(FakeEmbeddingServer.Dimensions);
        vector.Sum(x => x * x).ShouldBe(1f, 1e-3f);
        vectors.Usage.InputTokenCount.ShouldBe(4);
    }

    [Fact]
    public async Task Recording_is_written_down_and_speech_comes_as_sound()
    {
        await using var rig = await GatewayRig.StartAsync();
        var server = rig.Own(await FakeSpeechServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        rig.Upstreams.Add(GatewayRig.Serving(server.Port, string.Empty, null, UpstreamTask.Transcription) with { Id = "asr" });
        rig.Upstreams.Add(GatewayRig.Serving(server.Port, string.Empty, null, UpstreamTask.Speech) with { Id = "tts" });
        var client = new AudioClient("default", new ApiKeyCredential("none"), Options(rig));

        AudioTranscription words = await client.TranscribeAudioAsync(new MemoryStream(new byte[320_000]), "speech.wav").DefaultTimeout();
        BinaryData sound = await client.GenerateSpeechAsync("one two three", new GeneratedSpeechVoice("af_heart"), new SpeechGenerationOptions { ResponseFormat = GeneratedSpeechFormat.Wav }).DefaultTimeout();

        words.Text.ShouldContain("demo cluster");
        sound.ToMemory().Span[..4].SequenceEqual("RIFF"u8).ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_ends_with_its_usage_and_a_client_that_leaves_stops_the_generation()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("Good morning")]))
        {
            usage = update.Usage ?? usage;
        }

        usage.ShouldNotBeNull().OutputTokenCount.ShouldBeGreaterThan(0);

        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Behaviour = FakeServerBehaviour.Immediate with
        {
            BeforeToken = async (number, cancellationToken) =>
            {
                if (number > 0)
                {
                    await using var __ = cancellationToken.Register(() => left.TrySetResult());
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }
            },
        };
        using var leaving = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: leaving.Token))
            {
                await leaving.CancelAsync();
            }
        });
        await left.Task.DefaultTimeout();
    }

    [Fact]
    public async Task Unknown_model_and_cut_stream_are_exceptions_to_the_client()
    {
        var (rig, server) = await GatewayRig.StartWithQwenAsync();
        await using var _ = rig;

        var unknown = await Should.ThrowAsync<ClientResultException>(() => Chat(rig, "gpt-4o").CompleteChatAsync([new UserChatMessage("Hi")]).DefaultTimeout());
        unknown.Status.ShouldBe(404);
        unknown.Message.ShouldContain("qwen--qwen3.6-35b");

        server.Behaviour = FakeServerBehaviour.Immediate with { CutAfterTokens = 3 };
        await Should.ThrowAsync<Exception>(async () =>
        {
            await foreach (var update in Chat(rig).CompleteChatStreamingAsync([new UserChatMessage("Hi")]))
            {
                update.ShouldNotBeNull();
            }
        });
    }

    private static ChatClient Chat(GatewayRig rig, string model = "default") => new(model, new ApiKeyCredential("none"), Options(rig));

    private static OpenAIClientOptions Options(GatewayRig rig) => new() { Endpoint = new Uri(rig.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(0) };
}
