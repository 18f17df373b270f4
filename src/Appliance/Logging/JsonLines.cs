using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Appliance.Logging;

/// <summary>
/// One event = one line of JSON. Control characters, line breaks, bidirectional and invisible characters are escaped, so
/// that a name from outside can neither forge a line nor change how one looks; secrets are blanked by value.
/// </summary>
internal sealed class JsonLines(Secrets secrets) : ITextFormatter
{
    // The framework repeats what the line already says, or gives it another name.
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "SourceContext", "RequestId", "RequestPath", "ConnectionId", "SpanId", "TraceId", "ParentId", "EventId", "TransportConnectionId",
    };

    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { "time", "level", "message", "source", "exception" };

    // "l" is literal: no quotation marks around every value.
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    private static readonly JsonWriterOptions Options = new() { Encoder = VisibleText() };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, logEvent);
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        output.Write('\n');
    }

    private void Write(Utf8JsonWriter json, LogEvent logEvent)
    {
        json.WriteStartObject();
        json.WriteString("time", logEvent.Timestamp.UtcDateTime);
        json.WriteString("level", Word(logEvent.Level));
        WriteText(json, "message", Render(logEvent));
        if (logEvent.Properties.TryGetValue("SourceContext", out var source) && source is ScalarValue { Value: string category })
        {
            WriteText(json, "source", category);
        }

        foreach (var (key, value) in logEvent.Properties)
        {
            if (!Dropped.Contains(key))
            {
                var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(key);
                WriteValue(json, Own.Contains(name) ? $"{name}_value" : name, value);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            WriteText(json, "exception", exception.ToString());
        }

        json.WriteEndObject();
    }

    private void WriteValue(Utf8JsonWriter json, string key, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: null }:
                break;
            case ScalarValue { Value: bool flag }:
                json.WriteBoolean(key, flag);
                break;
            case ScalarValue { Value: int or long or short or byte } whole:
                json.WriteNumber(key, Convert.ToInt64(whole.Value, CultureInfo.InvariantCulture));
                break;
            case ScalarValue { Value: double number } when double.IsFinite(number):
                json.WriteNumber(key, number);
                break;
            case ScalarValue { Value: string text }:
                WriteText(json, key, text);
                break;
            default:
                WriteText(json, key, value.ToString("l", CultureInfo.InvariantCulture));
                break;
        }
    }

    private void WriteText(Utf8JsonWriter json, string key, string text) => json.WriteString(key, secrets.Redact(WithoutLoneSurrogates(text)));

    private static string Render(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, text);
        return text.ToString();
    }

    private static string WithoutLoneSurrogates(string text) =>
        text.Any(char.IsSurrogate) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    private static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warning",
        LogEventLevel.Error => "error",
        LogEventLevel.Fatal => "fatal",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JavaScriptEncoder VisibleText()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory((char)code);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)
            {
                settings.ForbidCharacter((char)code);
            }
        }

        return JavaScriptEncoder.Create(settings);
    }
}
