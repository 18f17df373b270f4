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
        var clean = Clean(("state", value), ("model", "yes"));

        clean.Details["model"].ShouldBe("yes");
        string.Join('\n', clean.Details.Values).ShouldNotContain("Alice");
    }

    [Theory]
    [InlineData("""upstream said {"prompt": "what Alice said"}""")]
    [InlineData("""upstream said {\"Prompt\":\"what Alice said\"}""")]
    [InlineData("""{"said":"it was {\"content\": \"what Alice said\"}"}""")]
    [InlineData("{'raw_content' : 'what Alice said'}")]
    [InlineData("""{"a":1,"{\"text\":\"what Alice said\"}":2}""")]
    public void Forbidden_key_behind_other_words_leaves_the_text_out(string value)
    {
        Clean(("state", value)).Details["state"].ShouldNotContain("Alice");
        CleanEvent(Given(value)).Sentence.ShouldNotContain("Alice");
    }

    [Fact]
    public void Detail_that_is_not_listed_for_the_type_is_dropped_and_named()
    {
        var (clean, dropped) = EventEnvelope.Clean(With(("model", "a--b"), ("said", Secret)));

        clean!.Details.Keys.ShouldBe(["model"]);
        dropped.ShouldBe(["said"]);
    }

    [Fact]
    public void Type_that_is_not_listed_has_no_event() =>
        EventEnvelope.Clean(Given("Something happened.") with { Type = "made_up" }).Event.ShouldBeNull();

    [Fact]
    public void Very_deep_and_very_large_texts_are_left_out()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 1000)) + """{"prompt":"what Alice said"}""" + string.Concat(Enumerable.Repeat("]", 1000));
        var large = $$"""{"a":"{{new string('x', 10_000_000)}}","prompt":"what Alice said"}""";

        Clean(("state", deep)).Details["state"].ShouldBe("(left out)");
        Clean(("state", large)).Details["state"].ShouldBe("(left out)");
    }

    [Fact]
    public void Json_without_forbidden_keys_keeps_its_facts()
    {
        var clean = Clean(("state", """{"hosts":["spark-1"],"bytes":12}"""));

        clean.Details["state"].ShouldBe("""{"hosts":["spark-1"],"bytes":12}""");
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

        Prop.ForAll(nested.ToArbitrary(), value => Clean(("state", value)).Details.Values.All(text => !text.Contains("Alice")))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Random_json_loses_every_forbidden_value_and_keeps_every_other_one()
    {
        Prop.ForAll(RandomDetail.Values.ToArbitrary(), detail =>
        {
            var value = Clean(("state", detail.Text)).Details["state"];
            return !value.Contains(RandomDetail.Forbidden) && (detail.Text.Length > EventEnvelope.DetailLimit || RandomDetail.CountKept(value) == detail.Kept);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_accepted_and_stays_within_the_limits()
    {
        Prop.ForAll<string?>(text =>
        {
            var clean = Clean(("state", text ?? string.Empty));
            return clean.Details["state"].Length <= EventEnvelope.DetailLimit;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Long_texts_are_cut_without_splitting_a_character_and_sentences_stay_on_one_line()
    {
        var clean = CleanEvent(Given("first\nsecond " + string.Concat(Enumerable.Repeat("🙂", 1000))));

        clean.Sentence.ShouldStartWith("first second 🙂");
        clean.Sentence.ShouldEndWith("…");
        clean.Sentence.Length.ShouldBeLessThanOrEqualTo(EventEnvelope.SentenceLimit);
        char.IsHighSurrogate(clean.Sentence[^2]).ShouldBeFalse();
    }

    [Fact]
    public void Details_beyond_the_list_are_dropped_and_named_within_a_limit()
    {
        var many = Enumerable.Range(0, 200).Select(i => ($"key_{i:000}", "value")).Append(("model", "a--b")).ToArray();

        Clean(many).Details.Keys.ShouldBe(["model"]);
        EventEnvelope.Clean(With(many)).Dropped.Length.ShouldBe(EventEnvelope.DetailsLimit);
    }

    private static ApplianceEvent Clean(params (string Key, string Value)[] details) => CleanEvent(With(details));

    private static ApplianceEvent CleanEvent(ApplianceEvent happened) => EventEnvelope.Clean(happened).Event.ShouldNotBeNull();

    private static ApplianceEvent With(params (string Key, string Value)[] details) =>
        Given("Something happened.") with { Details = details.ToImmutableSortedDictionary(detail => detail.Key, detail => detail.Value) };

    private static ApplianceEvent Given(string sentence) => new()
    {
        At = new DateTimeOffset(2026, 11, 21, 8, 42, 0, TimeSpan.FromHours(1)),
        Type = EventTypes.SwapComplete,
        Component = "swaps",
        Sentence = sentence,
    };
}
