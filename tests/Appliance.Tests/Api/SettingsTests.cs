using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

[Collection(ApplianceTests.Name)]
public sealed class SettingsTests(ApplianceRun appliance)
{
    [Fact]
    public async Task Every_setting_says_what_it_is()
    {
        var settings = (await GetAsync()).GetProperty("settings").EnumerateArray().ToArray();

        settings.ShouldNotBeEmpty();
        foreach (var setting in settings)
        {
            var key = setting.GetProperty("key").GetString()!;
            setting.GetProperty("env_key").GetString().ShouldBe(key.ToUpperInvariant());
            setting.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace(key);
            setting.GetProperty("help").GetString().ShouldNotBeNullOrWhiteSpace(key);
            setting.GetProperty("section").GetString().ShouldNotBeNullOrWhiteSpace(key);
            setting.GetProperty("source").GetString().ShouldBeOneOf("default", "environment", "file");
            if (setting.GetProperty("kind").GetString() == "secret")
            {
                setting.TryGetProperty("value", out _).ShouldBeFalse(key);
            }
        }

        var port = Find(settings, "vllm_port");
        port.GetProperty("value").GetInt32().ShouldBe(8888);
        port.GetProperty("range").GetProperty("max").GetInt32().ShouldBe(65535);
        port.GetProperty("needs_restart").GetBoolean().ShouldBeTrue();
        Find(settings, "ssh_trust").GetProperty("choices").GetArrayLength().ShouldBe(2);
        Find(settings, "allowed_hosts").GetProperty("source").GetString().ShouldBe("environment");
    }

    [Fact]
    public async Task Change_is_taken_in_either_spelling_and_put_back_with_null()
    {
        using var answer = await PutAsync("""{"VLLM_PORT": 8899, "ssh_trust": "FIRST", "kokoro_port": "8881"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        var changed = await GetAsync();
        Find(changed, "vllm_port").GetProperty("value").GetInt32().ShouldBe(8899);
        Find(changed, "vllm_port").GetProperty("source").GetString().ShouldBe("file");
        Find(changed, "ssh_trust").GetProperty("value").GetString().ShouldBe("first");
        changed.GetProperty("restart_pending").EnumerateArray().Select(key => key.GetString()).ShouldBe(["vllm_port", "kokoro_port", "ssh_trust"]);

        using var back = await PutAsync("""{"vllm_port": null, "ssh_trust": null, "kokoro_port": null}""");
        back.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync()).GetProperty("restart_pending").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Bad_values_are_422_with_all_of_them_and_nothing_is_changed()
    {
        using var answer = await PutAsync("""{"vllm_port": 0, "spark1_host": "-x", "no_such_key": 1, "kokoro_port": 8881, "ssh_user": ["spark"], "embed_port": "\ud800"}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("bad_settings");
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("key").GetString()).ShouldBe(
            ["ssh_user", "embed_port", "vllm_port", "spark1_host", "no_such_key"], ignoreOrder: true);
        Find(await GetAsync(), "kokoro_port").GetProperty("source").GetString().ShouldBe("default");
    }

    [Theory]
    [InlineData("{\"vllm_port\": 1, \"VLLM_PORT\": 2}", HttpStatusCode.UnprocessableEntity, "bad_settings")]
    [InlineData("{\"spark1_host\": \"192.0.2.11\"}", HttpStatusCode.UnprocessableEntity, "bad_settings")]
    [InlineData("[]", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("null", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{", HttpStatusCode.BadRequest, "bad_json")]
    [InlineData("", HttpStatusCode.BadRequest, "bad_request")]
    public async Task Malformed_wish_is_refused_with_a_reason(string body, HttpStatusCode status, string code)
    {
        using var answer = await PutAsync(body);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Edited_files_are_looked_at_when_asked_and_a_bad_one_is_told_everywhere()
    {
        var file = Path.Combine(appliance.DataDirectory, "app_settings.json");
        var before = File.Exists(file) ? await File.ReadAllTextAsync(file) : "{}";
        await File.WriteAllTextAsync(file, "{\n  \"vllm_port\": \"many\"\n}");

        using var reload = await appliance.Client.PostAsync(new Uri("/api/config/reload", UriKind.Relative), null);
        var files = (await reload.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("files").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        files["app_settings.json"].GetProperty("ok").GetBoolean().ShouldBeFalse();
        files["app_settings.json"].GetProperty("problems")[0].GetString().ShouldBe("Line 2, column 3: VLLM_PORT is a number from 1 to 65535, for example VLLM_PORT=8888.");
        files["models.yaml"].GetProperty("ok").GetBoolean().ShouldBeTrue();
        (await GetAsync()).GetProperty("problems").GetArrayLength().ShouldBe(1);
        using var ready = await appliance.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("warnings")[0].GetString().ShouldStartWith("app_settings.json: Line 2");
        (await appliance.Client.GetStringAsync(new Uri("/api/status", UriKind.Relative))).ShouldContain("app_settings.json has something to mend");

        await File.WriteAllTextAsync(file, before);
        using var again = await appliance.Client.PostAsync(new Uri("/api/config/reload", UriKind.Relative), null);
        (await GetAsync()).GetProperty("problems").GetArrayLength().ShouldBe(0);
    }

    private static JsonElement Find(JsonElement all, string key) => Find(all.GetProperty("settings").EnumerateArray(), key);

    private static JsonElement Find(IEnumerable<JsonElement> settings, string key) => settings.Single(setting => setting.GetProperty("key").GetString() == key);

    private Task<JsonElement> GetAsync() => appliance.Client.GetFromJsonAsync<JsonElement>("/api/settings");

    private async Task<HttpResponseMessage> PutAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await appliance.Client.PutAsync(new Uri("/api/settings", UriKind.Relative), content);
    }
}
