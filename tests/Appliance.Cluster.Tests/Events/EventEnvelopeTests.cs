using System.Collections.Immutable;
using System.Text.Json;
using Appliance.Cluster.Events;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Events;

public sealed class EventEnvelopeTests
{
    private const string Secret = "what Alice said";

    [Theory]
    [InlineData("prompt")]
    [InlineData("Text")]
    [InlineData("BODY")]
    [InlineData("document_body")]
    [InlineData("Messages")]
    [InlineData("content")]
    [InlineData("raw_Content")]
    [InlineData(" raw ")]
    public void Forbidden_key_is_dropped_in_any_case(string key)
    {
        var clean = Clean((key, Secret), ("model", "a--b"));

        clean.Details.ShouldBe(ImmutableSortedDictionary<string, string>.Empty.Add("model", "a--b"));
    }

    [Theory]
    [InlineData("""{"prompt":"what Alice said","size":3}""")]
    [InlineData("""{"a":[{"b":{"Content":"what Alice said"}}]}""")]
    [InlineData("""[[{"messages":[{"role":"user","content":"what Alice said"}]}]]""")]
    [InlineData("""  {"request":"{\"prompt\":\"what Alice said\"}"}""")]
    [InlineData("""{"request":"{\"inner\":\"{\\\"raw\\\":\\\"what Alice said\\\"}\"}"}""")]
    [InlineData("""{"\u0070rompt":"what Alice said"}""")]
    [InlineData("""{"prompt":"what Alice said""")]
    [InlineData("\"{\\\"prompt\\\":\\\"what Alice said\\\"}\"")]
    public void Forbidden_key_inside_json_in_a_text_is_dropped_at_any_depth(string value)
    {
        var clean = Clean(("detail", value), ("kept", "yes"));

        clean.Details["kept"].ShouldBe("yes");
        string.Join('\n', clean.Details.Values).ShouldNotContain("Alice");
    }

    [Fact]
    public void Json_without_forbidden_keys_keeps_its_facts()
    {
        var clean = Clean(("detail", """{"hosts":["spark-1"],"bytes":12}"""));

        clean.Details["detail"].ShouldBe("""{"hosts":["spark-1"],"bytes":12}""");
    }

    [Fact]
    public void Forbidden_key_under_random_nesting_never_gets_through()
    {
        var wrap = Gen.Elements<Func<string, string>>(
            inner => $"[1,{inner},null]",
            inner => $"{{\"a\":{inner}}}",
            inner => $"{{\"s\":{JsonSerializer.Serialize(inner)}}}",
            inner => JsonSerializer.Serialize(inner));
        var nested = wrap.ListOf(6).Select(wraps => wraps.Aggregate("{\"PROMPT\":\"what Alice said\",\"n\":1}", (inner, one) => one(inner)));

        Prop.ForAll(nested.ToArbitrary(), value => Clean(("detail", value)).Details.Values.All(text => !text.Contains("Alice")))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_accepted_and_stays_within_the_limits()
    {
        Prop.ForAll<string?>(text =>
        {
            var clean = Clean(("detail", text ?? string.Empty)) with { };
            return clean.Details["detail"].Length <= EventEnvelope.DetailLimit;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Long_texts_are_cut_without_splitting_a_character_and_sentences_stay_on_one_line()
    {
        var clean = EventEnvelope.Clean(Given("first\nsecond " + string.Concat(Enumerable.Repeat("🙂", 1000))));

        clean.Sentence.ShouldStartWith("first second 🙂");
        clean.Sentence.ShouldEndWith("…");
        clean.Sentence.Length.ShouldBeLessThanOrEqualTo(EventEnvelope.SentenceLimit);
        char.IsHighSurrogate(clean.Sentence[^2]).ShouldBeFalse();
    }

    [Fact]
    public void Too_many_details_are_cut()
    {
        var many = Enumerable.Range(0, 200).Select(i => ($"key_{i:000}", "value")).ToArray();

        Clean(many).Details.Count.ShouldBe(EventEnvelope.DetailsLimit);
    }

    private static ApplianceEvent Clean(params (string Key, string Value)[] details) =>
        EventEnvelope.Clean(Given("Something happened.") with { Details = details.ToImmutableSortedDictionary(detail => detail.Key, detail => detail.Value) });

    private static ApplianceEvent Given(string sentence) => new()
    {
        At = new DateTimeOffset(2026, 11, 21, 8, 42, 0, TimeSpan.FromHours(1)),
        Type = EventTypes.SwapComplete,
        Component = "swaps",
        Sentence = sentence,
    };
}
