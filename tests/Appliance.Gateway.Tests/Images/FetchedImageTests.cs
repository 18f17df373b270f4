using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Images;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Images;

/// <summary>T-07, T-08: pictures by address. The names and addresses of the internet are the test's; one of them leads to a listener of its own.</summary>
public sealed class FetchedImageTests : IAsyncLifetime
{
    /// <summary>The eight bytes by which a PNG is known, under a type that says nothing: what counts is what the picture is.</summary>
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    private static readonly IPAddress Public = IPAddress.Loopback;
    private static readonly IPAddress Private = IPAddress.Parse("127.0.0.2");

    private readonly Dictionary<string, IPAddress[]> _names = new(StringComparer.Ordinal)
    {
        ["pictures.example"] = [Public],
        ["inside.example"] = [Private],
        ["both.example"] = [Public, Private],
        ["nowhere.example"] = [],
    };

    private GatewayRig _rig = null!;
    private RecordingUpstream _model = null!;
    private RecordingUpstream _pictures = null!;
    private int _lookups;

    public async Task InitializeAsync()
    {
        _rig = await GatewayRig.StartAsync(configure: services => services.AddSingleton(new ImageNetwork(ResolveAsync, address => address.Equals(Public))));
        _rig.Settings.With(GatewaySettings.FetchImages, "on");
        _model = _rig.Own(await RecordingUpstream.StartAsync());
        _pictures = _rig.Own(await RecordingUpstream.StartAsync());
        _pictures.Answer = context =>
        {
            context.Response.ContentType = "application/octet-stream";
            return context.Response.Body.WriteAsync(Png).AsTask();
        };
        _rig.Upstreams.Add(GatewayRig.Serving(_model.Port, "qwen-served", "m", UpstreamTask.Chat));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Picture_is_fetched_and_put_into_the_body()
    {
        var answer = await AskAsync($$$"""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"{{{At("pictures.example")}}}","detail":"low"}},{"image_url":"\u0068ttp:\/\/pictures.example:{{{_pictures.Port}}}/b"}]}],"model":"m"}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Encoding.UTF8.GetString(_model.Requests.ShouldHaveSingleItem().Body)
            .ShouldBe("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}},{"image_url":"data:image/png;base64,iVBORw0KGgo="}]}],"model":"qwen-served"}""");
        _pictures.Requests.Select(request => request.Target).ShouldBe(["/a", "/b"]);
        _pictures.Requests[0].Headers.Keys.ShouldNotContain("Authorization");
        _lookups.ShouldBe(2);
    }

    [Theory]
    [InlineData("inside.example", "public internet")]
    [InlineData("both.example", "public internet")]
    [InlineData("nowhere.example", "public internet")]
    [InlineData("unknown.example", "public internet")]
    [InlineData("127.0.0.2", "public internet")]
    [InlineData("0x7f.2", "public internet")]
    [InlineData("[::ffff:127.0.0.2]", "public internet")]
    public async Task Address_inside_is_not_called_and_nothing_is_told_about_it(string host, string words)
    {
        await RefusedAsync(At(host), words);

        _pictures.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Redirect_is_judged_like_a_first_address()
    {
        _pictures.Answer = context =>
        {
            context.Response.Redirect(context.Request.Path == "/a" ? At("inside.example") : "/loop");
            return Task.CompletedTask;
        };
        await RefusedAsync(At("pictures.example"), "public internet");
        _pictures.Requests.ShouldHaveSingleItem();

        await RefusedAsync(At("pictures.example").Replace("/a", "/loop", StringComparison.Ordinal), "too many redirects");
    }

    [Fact]
    public async Task What_is_no_picture_too_large_or_an_error_is_refused()
    {
        _pictures.Answer = context =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.WriteAsync("<html><body>router</body></html>");
        };
        await RefusedAsync(At("pictures.example"), "not a picture");

        _pictures.Answer = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        await RefusedAsync(At("pictures.example"), "answered 404");

        _pictures.Answer = async context =>
        {
            await context.Response.Body.WriteAsync(Png, context.RequestAborted);
            for (var i = 0; i < 25 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(new byte[1024 * 1024], context.RequestAborted);
            }
        };
        await RefusedAsync(At("pictures.example"), "larger than 20 MB");
    }

    [Theory]
    [InlineData("""{"messages":[{"content":[{"audio_url":{"url":"http://pictures.example/a"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"video_url":{"url":"http://pictures.example/a"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"file:///etc/passwd"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"//pictures.example/a"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"ftp://pictures.example/a"}}]}]}""")]
    public async Task Only_pictures_by_http_are_fetched(string body)
    {
        var answer = await AskAsync(body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await CodeAsync(answer)).ShouldBe("media_url_not_allowed");
        _model.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://pictures.example:25/a")]
    [InlineData("https://pictures.example:22/a")]
    [InlineData("http://user:secret@pictures.example/a")]
    public async Task Address_of_another_service_or_with_a_password_is_not_called(string address)
    {
        await RefusedAsync(address, "not a plain http or https address");

        _lookups.ShouldBe(0);
    }

    [Theory]
    [InlineData("/v1/responses", """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"@"}]}]}""")]
    [InlineData("/v1/messages", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"@"}}]}]}""")]
    public async Task Picture_is_fetched_in_every_dialect(string path, string body)
    {
        await _rig.Http.PostAsync(path, Json(body.Replace("@", At("pictures.example"), StringComparison.Ordinal))).DefaultTimeout();

        Encoding.UTF8.GetString(_model.Requests.ShouldHaveSingleItem().Body).ShouldEndWith(body.Replace("@", "data:image/png;base64,iVBORw0KGgo=", StringComparison.Ordinal)[1..]);
    }

    [Fact]
    public async Task Rows_that_rebuild_their_bodies_fetch_nothing_and_pass_no_address_on()
    {
        _rig.Upstreams.Add(GatewayRig.Serving(_model.Port, "e", null, UpstreamTask.Embeddings));

        foreach (var path in (string[])["/v1/embeddings", "/v1/rerank", "/v1/score"])
        {
            var answer = await _rig.Http.PostAsync(path, Json($$$"""{"messages":[{"content":[{"image_url":{"url":"{{{At("pictures.example")}}}"}}]}]}""")).DefaultTimeout();
            (await CodeAsync(answer)).ShouldBe("media_url_not_allowed");
        }

        _model.Requests.ShouldBeEmpty();
        _pictures.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Name_that_changes_its_address_is_judged_at_every_connection()
    {
        await AskAsync(Body("pictures.example"));
        _names["pictures.example"] = [Private];

        await RefusedAsync(At("pictures.example"), "public internet", asked: 1);

        _pictures.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task More_pictures_than_a_conversation_has_are_refused()
    {
        var parts = string.Join(',', Enumerable.Repeat($$"""{"image_url":"{{At("pictures.example")}}"}""", 17));

        (await CodeAsync(await AskAsync($$"""{"messages":[{"content":[{{parts}}]}]}"""))).ShouldBe("too_many_pictures");
        _pictures.Requests.ShouldBeEmpty();
    }

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lookups);
        return Task.FromResult(_names.TryGetValue(name, out var known) ? known : IPAddress.TryParse(name.Trim('[', ']'), out var literal) ? [literal] : []);
    }

    private string At(string host) => $"http://{host}:{_pictures.Port}/a";

    private string Body(string host) => $$$"""{"messages":[{"content":[{"image_url":{"url":"{{{At(host)}}}"}}]}]}""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task RefusedAsync(string address, string words, int asked = 0)
    {
        var answer = await AskAsync($$$"""{"messages":[{"content":[{"image_url":{"url":"{{{address}}}"}}]}]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("image_not_fetched");
        error.GetProperty("message").GetString()!.ShouldContain(words);
        _model.Requests.Count.ShouldBe(asked);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error").GetProperty("code").GetString();

    private Task<HttpResponseMessage> AskAsync(string body) => _rig.Http.PostAsync("/v1/chat/completions", Json(body)).DefaultTimeout();
}
