using System.Text.Json;
using Appliance.Logging;
using FsCheck;
using FsCheck.Fluent;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Logging;

/// <summary>T-13, T-14, T-15: one event is one line, nothing in it forges or hides anything, secrets are blanked.</summary>
public sealed class JsonLinesTests
{
    private const string Secret = "hf_0123+456/789=";

    [Fact]
    public void T14_Any_text_stays_on_one_line_and_comes_back_as_it_was() =>
        Prop.ForAll<string?>(text =>
        {
            var line = Write("{Name} said {Text}", "Bob", text ?? "");

            line[..^1].ShouldNotContain("\n");
            line.ShouldEndWith("}\n");
            line[..^1].ShouldAllBe(letter => !char.IsControl(letter) && char.GetUnicodeCategory(letter) != System.Globalization.UnicodeCategory.Format);
            using var json = JsonDocument.Parse(line);
            json.RootElement.GetProperty("name").GetString().ShouldBe("Bob");
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r\n{\"level\":\"error\"}")]
    [InlineData("\u001b[2K\u001b[1Aforged")]
    [InlineData("\u202eevil\u2066")]
    [InlineData("\u200bhidden\ufeff")]
    [InlineData("\u0085\u2028\u2029")]
    [InlineData("\ud800 alone")]
    public void T13_Control_and_bidirectional_characters_are_visible(string text)
    {
        var line = Write("{Text}", text);

        line[..^1].ShouldAllBe(letter => !char.IsControl(letter) && char.GetUnicodeCategory(letter) != System.Globalization.UnicodeCategory.Format && letter != '\u2028' && letter != '\u2029');
        JsonDocument.Parse(line).Dispose();
    }

    [Fact]
    public void T15_Secret_is_blanked_wherever_it_stands()
    {
        var inException = new InvalidOperationException($"Authorization: Bearer {Secret}");
        string[] forms = [Secret, Uri.EscapeDataString(Secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)), $"x{Secret}x"];
        foreach (var form in forms)
        {
            var line = Write(inException, $"{{Text}} and {form}", form);

            line.ShouldNotContain("0123");
            line.ShouldNotContain(form);
            line.ShouldContain("***");
        }
    }

    [Fact]
    public void Property_cannot_take_the_place_of_the_line_itself()
    {
        using var json = JsonDocument.Parse(Write("{Level} {Message} {Time}", "fatal", "forged", "never"));

        json.RootElement.GetProperty("level").GetString().ShouldBe("info");
        json.RootElement.GetProperty("level_value").GetString().ShouldBe("fatal");
        json.RootElement.EnumerateObject().Select(property => property.Name).ShouldBeUnique();
    }

    [Fact]
    public void Secrets_of_the_environment_are_those_with_a_telling_name()
    {
        var secrets = Secrets.OfEnvironment(new System.Collections.Hashtable
        {
            ["QDRANT_API_KEY"] = "qdrant-value",
            ["HF_TOKEN"] = "token-value",
            ["SSH_KEY_PATH"] = "/data/ssh/key",
            ["HOME"] = "/home/alice",
            ["SWAP_WEBHOOK_SECRET"] = "short",
        });

        secrets.Redact("qdrant-value token-value /data/ssh/key /home/alice short").ShouldBe("*** *** /data/ssh/key /home/alice short");
    }

    [Fact]
    public void T15_Secret_that_is_set_while_it_runs_is_blanked_from_then_on()
    {
        var secrets = new Secrets(["given-value"]);

        secrets.Learn("learned-value");
        secrets.Learn("learned-value");
        secrets.Redact("given-value learned-value").ShouldBe("*** ***");
        foreach (var number in Enumerable.Range(0, 1000))
        {
            secrets.Learn($"secret-number-{number:0000}");
        }

        secrets.Redact("given-value secret-number-0999").ShouldBe("*** ***");
    }

    private static string Write(string template, params object[] values) => Write(null, template, values);

    private static string Write(Exception? exception, string template, params object[] values)
    {
        var sink = new LineSink(new JsonLines(new Secrets([Secret])));
        using var logger = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();
#pragma warning disable CA2254 // The test is about any template.
        logger.Write(LogEventLevel.Information, exception, template, values);
#pragma warning restore CA2254
        return sink.Text.ToString();
    }

    private sealed class LineSink(JsonLines lines) : ILogEventSink
    {
        public StringWriter Text { get; } = new();

        public void Emit(LogEvent logEvent) => lines.Format(logEvent, Text);
    }
}
