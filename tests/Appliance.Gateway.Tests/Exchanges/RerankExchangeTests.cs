using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;
using Appliance.Demo.FakeUpstreams;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Exchanges;

public sealed class RerankExchangeTests : IAsyncLifetime
{
    private const string Ask = """{"query":"a black cat","documents":["the weather",{"text":"a black cat sleeps"},"a dog barks loudly"],"return_documents":true}""";

    private GatewayRig _rig = null!;

    public async Task InitializeAsync() => _rig = await GatewayRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/rerank")]
    [InlineData("/v2/rerank")]
    public async Task Described_container_gives_logits_under_every_path(string path)
    {
        await ServeEmbeddingsAsync();

        var answer = await RankAsync(path, Ask);

        answer.GetProperty("object").GetString().ShouldBe("rerank.result");
        answer.GetProperty("model").GetString().ShouldBe(FakeEmbeddingServer.RerankerName);
        answer.GetProperty("score_kind").GetString().ShouldBe("logit");
        Order(answer).ShouldBe([1, 2, 0]);
        answer.GetProperty("results")[0].GetProperty("document").GetProperty("text").GetString().ShouldBe("a black cat sleeps");
        answer.GetProperty("usage").GetProperty("total_tokens").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Vllm_gives_probabilities_and_its_texts_stay_out_unless_wanted()
    {
        var server = _rig.Own(FakeModelServer.Reserve(IPAddress.Loopback, TimeProvider.System));
        await server.OpenAsync(GatewayRig.Qwen with { Capabilities = [Capability.Rerank] }, CancellationToken.None).DefaultTimeout();
        _rig.Upstreams.Add(GatewayRig.Serving(server.Port, "qwen-served", "m", UpstreamTask.Embeddings));

        var answer = await RankAsync("/v1/rerank", """{"model":"m","query":"a cat","documents":["a dog","a cat"],"top_n":1,"truncate_prompt_tokens":100}""");

        answer.GetProperty("score_kind").GetString().ShouldBe("sigmoid");
        var best = answer.GetProperty("results").EnumerateArray().ShouldHaveSingleItem();
        best.GetProperty("index").GetInt32().ShouldBe(1);
        best.GetProperty("relevance_score").GetDouble().ShouldBeInRange(0.5, 1);
        best.TryGetProperty("document", out _).ShouldBeFalse();
        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task Bare_list_of_another_path_is_found_once_and_more_texts_than_it_takes_are_ranked_in_turn()
    {
        var upstream = await ServeAsync(async context =>
        {
            if (context.Request.Path == "/info")
            {
                await context.Response.WriteAsync("""{"model_id":"x","max_client_batch_size":32}""");
                return;
            }

            var body = await context.Request.ReadFromJsonAsync<JsonElement>();
            if (context.Request.Path != "/rerank")
            {
                context.Response.StatusCode = 404;
                return;
            }

            var texts = body.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
            texts.Length.ShouldBeLessThanOrEqualTo(32);
            await context.Response.WriteAsJsonAsync(texts.Select((text, i) => new { index = i, score = int.Parse(text) / 1000.0 }).OrderByDescending(rank => rank.score));
        });
        var documents = string.Join(',', Enumerable.Range(0, 70).Select(i => $"\"{i / 2}\""));

        var first = await RankAsync("/rerank", $$"""{"query":"q","texts":[{{documents}}]}""");
        await RankAsync("/rerank", """{"query":"q","texts":["1"]}""");

        Order(first).ShouldBe(Enumerable.Range(0, 35).Reverse().SelectMany(i => new[] { 2 * i, (2 * i) + 1 }));
        first.GetProperty("score_kind").GetString().ShouldBe("sigmoid");
        lock (upstream.Paths)
        {
            upstream.Paths.ShouldBe(["/info", "/v1/rerank", "/rerank", "/rerank", "/rerank", "/rerank"]);
        }
    }

    [Theory]
    [InlineData("/v1/score", """{"text_1":"a cat","text_2":["a dog","a cat"]}""")]
    [InlineData("/score", """{"queries":["a cat"],"documents":["a dog",{"text":"a cat"}]}""")]
    [InlineData("/v1/score", """{"data_1":"a cat","data_2":["a dog","a cat"]}""")]
    [InlineData("/v1/score", """{"text_1":"a cat","items":["a dog","a cat"]}""")]
    public async Task Scores_are_given_in_the_order_of_the_texts_whatever_server_ranks(string path, string body)
    {
        await ServeEmbeddingsAsync();

        var answer = await RankAsync(path, body);

        answer.GetProperty("object").GetString().ShouldBe("list");
        answer.GetProperty("score_kind").GetString().ShouldBe("logit");
        var data = answer.GetProperty("data").EnumerateArray().ToArray();
        data.Select(score => score.GetProperty("index").GetInt32()).ShouldBe([0, 1]);
        data[0].GetProperty("object").GetString().ShouldBe("score");
        data[0].GetProperty("score").GetDouble().ShouldBeLessThan(data[1].GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task One_text_may_be_scored_without_a_list_and_several_questions_may_not()
    {
        await ServeEmbeddingsAsync();

        (await RankAsync("/v1/score", """{"text_1":"a","text_2":"b"}""")).GetProperty("data").GetArrayLength().ShouldBe(1);
        foreach (var questions in (string[])["""["a","b"]""", "[]", """[["a"]]"""])
        {
            var answer = await PostAsync("/v1/score", $$"""{"text_2":["b"],"text_1":{{questions}}}""");
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error").GetProperty("param").GetString().ShouldBe("text_1");
        }
    }

    [Fact]
    public async Task Upstream_that_fails_in_a_later_part_fails_the_whole_with_its_status()
    {
        var calls = 0;
        await ServeAsync(context =>
        {
            if (context.Request.Path == "/info")
            {
                return context.Response.WriteAsync("""{"max_client_batch_size":32}""");
            }

            if (++calls == 2)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "7";
                return context.Response.WriteAsync("""{"error":"Model is overloaded","error_type":"Overloaded"}""");
            }

            return context.Response.WriteAsync($"[{string.Join(',', Enumerable.Range(0, 32).Select(i => $$"""{"index":{{i}},"score":0.5}"""))}]");
        });

        var answer = await PostAsync("/rerank", $$"""{"query":"q","documents":[{{string.Join(',', Enumerable.Repeat("\"d\"", 96))}}]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await answer.Content.ReadAsStringAsync().DefaultTimeout()).ShouldContain("Model is overloaded");
    }

    [Theory]
    [InlineData("""{"documents":["a"]}""", "query")]
    [InlineData("""{"query":1,"documents":["a"]}""", "query")]
    [InlineData("""{"query":"q"}""", "documents")]
    [InlineData("""{"query":"q","documents":[]}""", "documents")]
    [InlineData("""{"query":"q","documents":"a"}""", "documents")]
    [InlineData("""{"query":"q","documents":["a",1]}""", "documents")]
    [InlineData("""{"query":"q","documents":[{"title":"a"}]}""", "documents")]
    [InlineData("""{"query":"q","documents":["a"],"top_n":-1}""", "top_n")]
    public async Task Request_that_cannot_be_ranked_names_the_field(string body, string param)
    {
        await ServeEmbeddingsAsync();

        var answer = await PostAsync("/v1/rerank", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error").GetProperty("param").GetString().ShouldBe(param);
    }

    [Theory]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":0,"relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5}]}""")]
    [InlineData("""{"results":[{"index":0},{"index":1}]}""")]
    [InlineData("not json")]
    public async Task Answer_that_ranks_something_else_is_502(string said)
    {
        await ServeAsync(context => context.Response.WriteAsync(said));

        (await PostAsync("/v1/rerank", """{"query":"q","documents":["a","b"]}""")).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Server_that_once_gave_a_score_above_one_gives_logits_for_good()
    {
        var score = "5.21";
        await ServeAsync(context => context.Response.WriteAsync($$"""{"results":[{"index":0,"relevance_score":{{score}}}]}"""));

        (await RankAsync("/v1/rerank", """{"query":"q","documents":["a"]}""")).GetProperty("score_kind").GetString().ShouldBe("logit");
        score = "0.4";
        (await RankAsync("/v1/rerank", """{"query":"q","documents":["a"]}""")).GetProperty("score_kind").GetString().ShouldBe("logit");
    }

    private static IEnumerable<int> Order(JsonElement answer) => answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("index").GetInt32());

    private async Task ServeEmbeddingsAsync()
    {
        var server = _rig.Own(await FakeEmbeddingServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout());
        _rig.Upstreams.Add(GatewayRig.Serving(server.Port, string.Empty, null, UpstreamTask.Embeddings) with { Names = ["embeddings"] });
    }

    private async Task<Asked> ServeAsync(RequestDelegate answer)
    {
        var asked = new Asked([]);
        var upstream = _rig.Own(await RecordingUpstream.StartAsync());
        upstream.IsRecording = false;
        upstream.Answer = context =>
        {
            lock (asked.Paths)
            {
                asked.Paths.Add(context.Request.Path);
            }

            context.Response.ContentType = "application/json";
            return answer(context);
        };
        _rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, string.Empty, null, UpstreamTask.Embeddings) with { Names = ["embeddings"] });
        return asked;
    }

    private async Task<JsonElement> RankAsync(string path, string body)
    {
        var answer = await PostAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync().DefaultTimeout());
        return await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout();
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _rig.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json")).DefaultTimeout();

    private sealed record Asked(List<string> Paths);
}
