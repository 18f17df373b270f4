using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Exchanges;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Exchanges;

public sealed class EmbeddingsExchangeTests : IAsyncLifetime
{
    private GatewayRig _rig = null!;

    public async Task InitializeAsync() => _rig = await GatewayRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("float")]
    [InlineData("base64")]
    public async Task More_texts_than_the_server_takes_are_joined_in_order(string format)
    {
        var server = await ServeFakeAsync();
        var texts = Enumerable.Range(0, 100).Select(i => $"text {i}").ToArray();
        var whole = await EmbedAsync(new { input = texts, encoding_format = format });
        server.BatchLimit = 32;

        var joined = await EmbedAsync(new { input = texts, encoding_format = format });

        joined.GetProperty("object").GetString().ShouldBe("list");
        joined.GetProperty("model").GetString().ShouldBe(FakeEmbeddingServer.ModelName);
        joined.GetProperty("usage").GetProperty("prompt_tokens").GetInt64().ShouldBe(200);
        joined.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()).ShouldBe(Enumerable.Range(0, 100));
        joined.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").GetRawText())
            .ShouldBe(whole.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").GetRawText()));
    }

    [Fact]
    public async Task Rows_of_token_ids_are_split_as_rows_and_one_row_is_one_text()
    {
        var server = await ServeFakeAsync();
        server.BatchLimit = 2;

        var rows = await EmbedAsync(new { input = (int[][])[[1, 2], [3], [4, 5, 6], [7], [8]] });
        var row = await EmbedAsync(new { input = (int[])[1, 2, 3, 4, 5, 6] });

        rows.GetProperty("data").GetArrayLength().ShouldBe(5);
        row.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Base64_is_given_also_where_the_server_knows_only_numbers()
    {
        await ServeAsync("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,-0.5,0.25]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""");

        var answer = await EmbedAsync(new { input = "x", encoding_format = "base64" });

        answer.GetProperty("data")[0].GetProperty("embedding").GetString().ShouldBe("AACAPwAAAL8AAIA+");
    }

    [Theory]
    [InlineData("BAAI/bge-m3", 256, HttpStatusCode.BadRequest)]
    [InlineData("some-matryoshka", 2, HttpStatusCode.BadRequest)]
    [InlineData("some-matryoshka", 3, HttpStatusCode.OK)]
    public async Task Shorter_vectors_are_refused_where_they_would_be_wrong(string model, int dimensions, HttpStatusCode status)
    {
        await ServeAsync("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,-0.5,0.25]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""");

        var answer = await PostAsync(new { model, input = "x", dimensions });

        answer.StatusCode.ShouldBe(status);
        if (status != HttpStatusCode.OK)
        {
            var error = (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error");
            error.GetProperty("param").GetString().ShouldBe("dimensions");
            error.GetProperty("code").GetString().ShouldBe("dimensions_not_supported");
        }
    }

    [Fact]
    public async Task Length_that_the_model_has_anyway_is_not_passed_on()
    {
        var upstream = await ServeAsync("{}");

        await PostAsync(new { model = "bge-m3", input = "x", dimensions = 1024 });

        Encoding.UTF8.GetString(upstream.Requests.ShouldHaveSingleItem().Body).ShouldBe("""{"model":"bge-m3","input":"x","dimensions":null}""");
    }

    [Theory]
    [InlineData(3, HttpStatusCode.OK)]
    [InlineData(2, HttpStatusCode.BadRequest)]
    public async Task Server_that_knows_of_no_lengths_is_asked_again_without_one(int dimensions, HttpStatusCode status)
    {
        var upstream = await ServeAsync(string.Empty);
        upstream.Answer = context =>
        {
            var isRefused = !Encoding.UTF8.GetString(upstream.Requests[^1].Body).Contains("null", StringComparison.Ordinal);
            context.Response.StatusCode = isRefused ? 400 : 200;
            return context.Response.WriteAsync(isRefused
                ? """{"error":{"message":"Model \"x\" does not support matryoshka representation, changing output dimensions will lead to poor results.","type":"BadRequestError","param":null,"code":400}}"""
                : """{"data":[{"index":0,"embedding":[1,-0.5,0.25]}]}""");
        };

        var answer = await PostAsync(new { input = "x", dimensions });

        answer.StatusCode.ShouldBe(status);
        upstream.Requests.Count.ShouldBe(2);
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).Contains("dimensions_not_supported", StringComparison.Ordinal).ShouldBe(status != HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"modality":"image","input":["data:image/png;base64,AA==","http://192.0.2.1/x.png"]}""")]
    [InlineData("""{"input":"file:///etc/passwd","modality":"audio"}""")]
    public async Task T08_Address_of_a_picture_to_embed_is_refused(string body)
    {
        var upstream = await ServeAsync("{}");

        var answer = await _rig.Http.PostAsync("/v1/embeddings", new StringContent(body, Encoding.UTF8, "application/json")).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Part_that_fails_fails_the_whole_and_part_of_another_length_is_not_understood()
    {
        var parts = 0;
        var second = string.Empty;
        var upstream = await ServeAsync(string.Empty);
        upstream.Answer = context =>
        {
            context.Response.ContentType = "application/json";
            if (context.Request.Path == "/info")
            {
                return context.Response.WriteAsync("""{"max_client_batch_size":40}""");
            }

            var isSecond = ++parts % 2 == 0;
            context.Response.StatusCode = isSecond && second.Length == 0 ? 424 : 200;
            return context.Response.WriteAsync(isSecond ? second : $$"""{"data":[{{string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"index":{{i}},"embedding":[1]}"""))}}]}""");
        };
        var texts = Enumerable.Repeat("x", 50).ToArray();

        (await PostAsync(new { input = texts })).StatusCode.ShouldBe((HttpStatusCode)424);
        second = """{"data":[{"index":0,"embedding":[1]}]}""";
        (await PostAsync(new { input = texts })).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Texts_are_split_at_every_size_and_come_back_in_order()
    {
        var server = await ServeFakeAsync();
        var random = new Random(4);
        for (var round = 0; round < 12; round++)
        {
            server.BatchLimit = random.Next(1, 20);
            var texts = Enumerable.Range(0, random.Next(1, 90)).Select(i => $"t{round} {i} é\"🎈").ToArray();

            var answer = await EmbedAsync(new { input = texts, encoding_format = "base64" });

            var vectors = answer.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").GetString()).ToArray();
            vectors.Length.ShouldBe(texts.Length);
            var at = random.Next(texts.Length);
            vectors[at].ShouldBe((await EmbedAsync(new { input = texts[at], encoding_format = "base64" })).GetProperty("data")[0].GetProperty("embedding").GetString());
        }
    }

    [Fact]
    public async Task Answer_that_needs_nothing_passes_byte_for_byte()
    {
        const string Said = """{ "data" : [ {"embedding":[1.50,2e0],"index":0,"x":null} ], "extra":true }""";
        await ServeAsync(Said);

        (await (await PostAsync(new { input = "x" })).Content.ReadAsStringAsync().DefaultTimeout()).ShouldBe(Said);
    }

    [Theory]
    [InlineData(422, """{"error":"batch size 64 > maximum allowed batch size 32","error_type":"Validation"}""", 64, 32)]
    [InlineData(413, """{"error":"Batch size error"}""", 64, 32)]
    [InlineData(422, """{"detail":[{"msg":"List should have at most 2048 items after validation, not 3000"}]}""", 3000, 2048)]
    [InlineData(400, """{"error":{"message":"too long"}}""", 64, null)]
    [InlineData(422, """{"error":"batch size 1 > maximum allowed batch size 32"}""", 1, null)]
    [InlineData(422, """{"error":"maximum allowed batch size 999"}""", 64, null)]
    [InlineData(500, """{"error":"batch size 64 > maximum allowed batch size 32"}""", 64, null)]
    public void Limit_is_read_from_a_refusal(int status, string body, int texts, int? limit)
    {
        BatchLimits.FindInRefusal(status, Encoding.UTF8.GetBytes(body), texts).ShouldBe(limit);
    }

    [Fact]
    public void Vectors_are_counted_in_both_spellings()
    {
        var vector = Enumerable.Range(0, 1024).Select(i => i / 7f).ToArray();
        var text = JsonSerializer.SerializeToUtf8Bytes(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())));

        VectorText.CountOf(new(text), isText: true).ShouldBe(1024);
        VectorText.CountOf(new(JsonSerializer.SerializeToUtf8Bytes(vector)), isText: false).ShouldBe(1024);
    }

    private async Task<FakeEmbeddingServer> ServeFakeAsync()
    {
        var server = _rig.Own(await FakeEmbeddingServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        _rig.Upstreams.Add(GatewayRig.Serving(server.Port, string.Empty, null, UpstreamTask.Embeddings) with { Names = ["embeddings"] });
        return server;
    }

    private async Task<RecordingUpstream> ServeAsync(string answer)
    {
        var upstream = _rig.Own(await RecordingUpstream.StartAsync());
        upstream.Answer = context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(answer);
        };
        _rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, string.Empty, null, UpstreamTask.Embeddings) with { Names = ["embeddings", "BAAI/bge-m3", "bge-m3", "some-matryoshka"] });
        return upstream;
    }

    private async Task<JsonElement> EmbedAsync(object body)
    {
        var answer = await PostAsync(body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync().DefaultTimeout());
        return await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout();
    }

    private Task<HttpResponseMessage> PostAsync(object body) => _rig.Http.PostAsJsonAsync("/v1/embeddings", body).DefaultTimeout();
}
