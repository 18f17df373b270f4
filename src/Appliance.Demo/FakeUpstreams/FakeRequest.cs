using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>What a stand-in reads out of a body, whatever its API.</summary>
internal sealed record FakeRequest
{
    public string? Model { get; private init; }

    public bool Stream { get; private init; }

    public bool IncludeUsage { get; private init; }

    public int? MaxTokens { get; private init; }

    public int Choices { get; private init; } = 1;

    public ImmutableArray<string> Stop { get; private init; } = [];

    /// <summary>Everything that was said, joined; for completions the prompts.</summary>
    public string Prompt { get; private init; } = string.Empty;

    public bool HasPrompt { get; private init; }

    public int Pictures { get; private init; }

    /// <summary>The function to call; null when none is offered, none is wanted, or its result has just come in.</summary>
    public FakeTool? Tool { get; init; }

    public bool ThinkingIsOff { get; private init; }

    /// <summary>Makes the wanted JSON of the usual words; null when words are wanted.</summary>
    public Func<string, string>? Format { get; private init; }

    /// <summary>Reads a body; throws <see cref="JsonException"/> for anything that is not a JSON object.</summary>
    public static FakeRequest Read(JsonElement body, FakeApi api)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("Input should be a valid dictionary");
        }

        var stream = body.TryGetProperty("stream", out var s) && s.ValueKind == JsonValueKind.True;
        var hasPrompt = body.TryGetProperty(PromptKey(api), out var prompt);
        var text = new StringBuilder();
        var pictures = 0;
        if (body.TryGetProperty("system", out var system))
        {
            Collect(system, text, ref pictures);
        }

        if (hasPrompt)
        {
            Collect(prompt, text, ref pictures);
        }

        return new FakeRequest
        {
            Model = FindText(body, "model"),
            Stream = stream,
            IncludeUsage = stream && body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
                && (!options.TryGetProperty("include_usage", out var usage) || usage.ValueKind == JsonValueKind.True),
            MaxTokens = FindNumber(body, "max_completion_tokens") ?? FindNumber(body, "max_output_tokens") ?? FindNumber(body, "max_tokens") ?? (api == FakeApi.Completions ? 16 : null),
            Choices = FindNumber(body, "n") ?? 1,
            Stop = ReadStop(body),
            Prompt = text.ToString(),
            HasPrompt = hasPrompt,
            Pictures = pictures,
            Tool = api == FakeApi.Completions ? null : FakeTool.Choose(body, PromptKey(api)),
            Format = FakeJson.FindFormat(body),
            // A plain completion has no place for thoughts.
            ThinkingIsOff = api == FakeApi.Completions || (body.TryGetProperty("chat_template_kwargs", out var template) && template.ValueKind == JsonValueKind.Object
                && template.TryGetProperty("enable_thinking", out var thinking) && thinking.ValueKind == JsonValueKind.False),
        };
    }

    /// <summary>Where the words stand.</summary>
    public static string PromptKey(FakeApi api) => api switch
    {
        FakeApi.Completions => "prompt",
        FakeApi.Responses => "input",
        _ => "messages",
    };

    private static void Collect(JsonElement value, StringBuilder text, ref int pictures)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(text.Length == 0 ? string.Empty : " ").Append(value.GetString());
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, text, ref pictures);
                }

                break;
            case JsonValueKind.Object when value.TryGetProperty("content", out var content):
                Collect(content, text, ref pictures);
                break;
            case JsonValueKind.Object when value.TryGetProperty("text", out var part):
                Collect(part, text, ref pictures);
                break;
            case JsonValueKind.Object when FindText(value, "type") is "image_url" or "image" or "input_image":
                pictures++;
                break;
        }
    }

    private static ImmutableArray<string> ReadStop(JsonElement body) =>
        !body.TryGetProperty("stop", out var stop) && !body.TryGetProperty("stop_sequences", out stop) ? []
        : stop.ValueKind == JsonValueKind.String ? [stop.GetString()!]
        : stop.ValueKind == JsonValueKind.Array ? [.. stop.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    private static string? FindText(JsonElement value, string name) =>
        value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static int? FindNumber(JsonElement value, string name) =>
        value.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var found) ? found : null;
}
