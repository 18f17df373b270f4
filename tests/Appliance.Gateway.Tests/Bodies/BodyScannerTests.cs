using System.Buffers;
using System.Text;
using Appliance.Gateway.Bodies;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Bodies;

public sealed class BodyScannerTests
{
    [Theory]
    [InlineData("""{"stream":true}""", true)]
    [InlineData("""{"model":"m","str\u0065am": true ,"x":1}""", true)]
    [InlineData("""{"stream":false,"model":"m"}""", false)]
    [InlineData("""{"stream":"true"}""", false)]
    [InlineData("""{"stream":true,"stream":false}""", false)]
    [InlineData("""{"a":{"stream":true},"b":[{"stream":true}]}""", false)]
    [InlineData("""{"messages":[{"content":"stream"}],"x":true}""", false)]
    public void Wish_for_a_stream_is_found_at_the_top_and_nowhere_else(string body, bool wantsStream) =>
        BodyScanner.Scan(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body))).ShouldBeOfType<BodyScan.Good>().WantsStream.ShouldBe(wantsStream);

    [Theory]
    [InlineData("""{"model":"a","x":1}""", "a", "\"a\"")]
    [InlineData("""{ "x" : {"model":"inner"} , "model" : "a\u0062" }""", "ab", "\"a\\u0062\"")]
    [InlineData("""{"\u006dodel":"a"}""", "a", "\"a\"")]
    [InlineData("""{"model":null}""", null, "null")]
    public void Model_is_found_at_the_top_only(string body, string? model, string replaced)
    {
        var good = Scan(body).ShouldBeOfType<BodyScan.Good>();

        good.Model.ShouldBe(model);
        body.Substring((int)good.Place.Start, (int)good.Place.Length).ShouldBe(replaced);
    }

    [Theory]
    [InlineData("{}", """{"model":"m"}""")]
    [InlineData("""  { "stream":true}""", """  {"model":"m", "stream":true}""")]
    public void Missing_model_goes_behind_the_brace(string body, string expected)
    {
        var good = Scan(body).ShouldBeOfType<BodyScan.Good>();

        good.Model.ShouldBeNull();
        body.Insert((int)good.Place.Start, Encoding.UTF8.GetString(ModelName.BytesFor(good.Place, "m"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("\"text\"", "invalid_json")]
    [InlineData("""{"model":"a"}{}""", "invalid_json")]
    [InlineData("""{"model":"a",}""", "invalid_json")]
    [InlineData("""{"model":"a" // no""", "invalid_json")]
    [InlineData("""{"model":"\ud800"}""", "invalid_json")]
    [InlineData("""{"model":1}""", "invalid_model")]
    [InlineData("""{"model":["a"]}""", "invalid_model")]
    [InlineData("""{"model":"a","model":"b"}""", "duplicate_model")]
    [InlineData("""{"model":"a","\u006dodel":"b"}""", "duplicate_model")]
    public void Body_that_cannot_be_read_for_sure_is_refused(string body, string code)
    {
        Scan(body).ShouldBeOfType<BodyScan.Bad>().Code.ShouldBe(code);
    }

    [Fact]
    public void Nesting_a_thousand_deep_is_refused_and_does_not_hurt()
    {
        Scan($$"""{"x":{{new string('[', 100_000)}}""").ShouldBeOfType<BodyScan.Bad>().Code.ShouldBe("invalid_json");
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"detail":"low","url":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"@"}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image_url":"@"}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":["@"]}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":[{"detail":"low"},"@"]}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,","url":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,"},"image_url":{"url":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"x":{"url":"@"}}}]}]}""")]
    [InlineData("""{"messages":[{"role":"tool","content":[[{"type":"video_url","video_url":{"url":"@"}}]]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"audio_url","audio_url":{"url":"@"}}]}]}""")]
    [InlineData("""{"input":[{"content":[{"type":"input_file","file_url":"@"}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"\u0069mage_url":{"\u0075rl":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"Image_URL":{"URL":"@"}}]}]}""")]
    [InlineData("""{"tools":[],"messages":[{"content":[{"image_url":{"url":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"tools":[{"image_url":{"url":"@"}}]}]}""")]
    [InlineData("""{"model":"a","image_url":"@"}""")]
    public void Address_that_a_server_would_fetch_is_refused_however_it_is_written(string shape)
    {
        string[] addresses =
        [
            "http://192.0.2.1/x.png", "https://example.org/x.png", "HTTP://example.org", "\\u0068ttp://example.org", "file:///etc/passwd", "ftp://example.org/x",
            " data:image/png;base64,AA==", "//example.org/x", "", "dat", "data", "data\\u001a,", "\\u0064atb:", "da\\nta:", "\\/\\/example.org", "dаta:,",
        ];
        foreach (var address in addresses)
        {
            Scan(shape.Replace("@", address, StringComparison.Ordinal)).ShouldBeOfType<BodyScan.Bad>($"{address} in {shape}").Code.ShouldBe("media_url_not_allowed");
        }

        foreach (var data in (string[])["data:image/png;base64,AA==", "DATA:,", "\\u0064ata:,", "d\\u0041ta\\u003a,x"])
        {
            Scan(shape.Replace("@", data, StringComparison.Ordinal)).ShouldBeOfType<BodyScan.Good>($"{data} in {shape}");
        }
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"look at http://example.org"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,","detail":"high","uuid":"x"}},{"type":"text","text":"http://example.org"}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image_url":"data:,"},"http://example.org"]}]}""")]
    [InlineData("""{"messages":[{"content":[{"image_url":null}]},"http://example.org"]}""")]
    [InlineData("""{"tools":[{"function":{"parameters":{"properties":{"image_url":{"type":"string","url":"http://example.org"}}}}}]}""")]
    [InlineData("""{"response_format":{"json_schema":{"schema":{"properties":{"image_url":{"type":"string"}}}}}}""")]
    [InlineData("""{"messages":[{"tool_calls":[{"function":{"arguments":"{\"image_url\":\"http://example.org\"}"}}]}]}""")]
    [InlineData("""{"metadata":{"url":"http://example.org"}}""")]
    public void Address_that_is_only_text_passes(string body)
    {
        Scan(body).ShouldBeOfType<BodyScan.Good>();
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"@"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image","source":{"url":"@","type":"url"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"document","\u0073ource":{"type":"url","URL":"@"}}]}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image_url":{"source":{"url":"@"}}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"source":[{"url":"@"}]}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image_url":"@"}]}]}""")]
    public void Address_in_a_source_of_the_messages_api_is_refused(string shape)
    {
        Scan(shape.Replace("@", "https://example.org/x.png", StringComparison.Ordinal), MediaFields.WithSources).ShouldBeOfType<BodyScan.Bad>().Code.ShouldBe("media_url_not_allowed");
        Scan(shape.Replace("@", "data:image/png;base64,AA==", StringComparison.Ordinal), MediaFields.WithSources).ShouldBeOfType<BodyScan.Good>();
    }

    [Theory]
    [InlineData("""{"messages":[{"content":[{"source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"source":"http://example.org"}]}],"metadata":{"source":["http://example.org"],"url":"http://example.org"}}""")]
    [InlineData("""{"messages":[{"content":[{"source":{"title":"http://example.org","more":{"link":"http://example.org"}}},"http://example.org"]}]}""")]
    public void Source_without_an_address_passes(string body)
    {
        Scan(body, MediaFields.WithSources).ShouldBeOfType<BodyScan.Good>();
    }

    private static BodyScan Scan(string body, MediaFields fields = MediaFields.Usual)
    {
        // In pieces of a few bytes, so that every token also crosses a border.
        var bytes = Encoding.UTF8.GetBytes(body);
        var whole = BodyScanner.Scan(new ReadOnlySequence<byte>(bytes), fields);
        BodyScanner.Scan(Pieces.Of(bytes, 3), fields).ShouldBe(whole);
        return whole;
    }
}
