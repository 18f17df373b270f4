using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.OpenAi;

public sealed class ModelsEndpointTests
{
    [Fact]
    public async Task List_merges_what_serves_and_says_what_for()
    {
        await using var rig = await StartAsync();

        var list = await rig.Http.GetFromJsonAsync<JsonElement>("/v1/models").DefaultTimeout();

        list.GetProperty("object").GetString().ShouldBe("list");
        list.GetProperty("data").EnumerateArray().Select(model => (model.GetProperty("id").GetString(), model.GetProperty("task").GetString()))
            .ShouldBe([("qwen-served", "chat"), ("embeddings", "embeddings")]);
        var qwen = list.GetProperty("data")[0];
        qwen.GetProperty("object").GetString().ShouldBe("model");
        qwen.GetProperty("owned_by").GetString().ShouldBe("appliance");
        qwen.GetProperty("created").GetInt64().ShouldBe(1_000);
        qwen.GetProperty("max_model_len").GetInt32().ShouldBe(32_768);
        qwen.GetProperty("aliases").EnumerateArray().Select(name => name.GetString()).ShouldBe(["qwen--qwen3.6-35b", "Qwen/Qwen3.6-35B"], ignoreOrder: true);
    }

    [Fact]
    public async Task Own_aliases_are_entries_and_the_others_are_names_of_their_model()
    {
        await using var rig = await StartAsync();
        var qwen = new UpstreamMatch.Serving(rig.Upstreams.All[0]);
        rig.Upstreams.Aliases =
        [
            new KnownAlias("jerry-xl", [], 8888, qwen),
            new KnownAlias("chat", [], null, qwen),
            new KnownAlias("fast", ["qwen--qwen3.6-35b"], null, qwen),
            new KnownAlias("gone", ["other--model"], null, new UpstreamMatch.Unavailable("It is not there.")),
        ];

        var data = (await rig.Http.GetFromJsonAsync<JsonElement>("/v1/models").DefaultTimeout()).GetProperty("data").EnumerateArray().ToArray();

        data.Select(model => model.GetProperty("id").GetString()).ShouldBe(["qwen-served", "embeddings", "jerry-xl", "fast"]);
        data[0].GetProperty("aliases").EnumerateArray().Select(name => name.GetString()).ShouldBe(["qwen--qwen3.6-35b", "Qwen/Qwen3.6-35B", "jerry-xl", "chat", "fast"]);
        data[2].GetProperty("alias_of").GetString().ShouldBe("qwen-served");
        data[2].GetProperty("max_model_len").GetInt32().ShouldBe(32_768);
        (await rig.Http.GetFromJsonAsync<JsonElement>("/v1/models/Chat").DefaultTimeout()).GetProperty("alias_of").GetString().ShouldBe("qwen-served");
        (await rig.Http.GetAsync("/v1/models/gone").DefaultTimeout()).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("qwen--qwen3.6-35b")]
    [InlineData("Qwen/Qwen3.6-35B")]
    [InlineData("Qwen%2FQwen3.6-35B")]
    [InlineData("qwen%2fqwen3%2E6-35B")]
    [InlineData("QWEN-SERVED")]
    public async Task Model_is_found_by_any_name_slashes_included(string name)
    {
        await using var rig = await StartAsync();

        var model = await rig.Http.GetFromJsonAsync<JsonElement>($"/v1/models/{name}").DefaultTimeout();

        model.GetProperty("id").GetString().ShouldBe("qwen-served");
    }

    [Theory]
    [InlineData("/v1/models/gpt-4o", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("/v1/models/gemma", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("/v1/nothing/here", HttpStatusCode.NotFound, "unknown_url")]
    [InlineData("/v1", HttpStatusCode.NotFound, "unknown_url")]
    public async Task What_is_not_there_is_an_error_object(string path, HttpStatusCode status, string code)
    {
        await using var rig = await StartAsync();

        var answer = await rig.Http.GetAsync(path).DefaultTimeout();

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
    }

    private static async Task<GatewayRig> StartAsync()
    {
        var rig = await GatewayRig.StartAsync();
        rig.Upstreams.Add(GatewayRig.Serving(1, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat) with { Since = DateTimeOffset.FromUnixTimeSeconds(1_000) });
        rig.Upstreams.Add(GatewayRig.Serving(2, string.Empty, null, UpstreamTask.Embeddings) with { Names = ["embeddings"], MaxModelLength = null });
        rig.Upstreams.Add(GatewayRig.Serving(3, "gemma", "gemma", UpstreamTask.Chat) with { Availability = UpstreamAvailability.Loading });
        return rig;
    }
}
