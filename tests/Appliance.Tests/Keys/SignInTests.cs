using System.Net;
using Appliance.Cluster.Keys;
using Appliance.Security;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Keys;

/// <summary>How a browser gets in when keys are asked for.</summary>
public sealed class SignInTests(KeyedRun appliance) : IClassFixture<KeyedRun>, IAsyncLifetime
{
    public Task InitializeAsync()
    {
        appliance.Ask(KeyDemand.Changes);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Page_leads_to_the_sign_in_and_back()
    {
        using var page = await appliance.SendAsync("GET", "/models?lane=small", null);
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        page.Headers.Location!.OriginalString.ShouldBe("/sign-in?to=%2Fmodels%3Flane%3Dsmall");

        var form = await (await appliance.SendAsync("GET", page.Headers.Location.OriginalString, null)).Content.ReadAsStringAsync();
        form.ShouldContain("""name="to" value="/models?lane=small" """.TrimEnd());

        using var signedIn = await SignInAsync(appliance.Keys[KeyScope.Admin].Token, "/models?lane=small");
        signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        signedIn.Headers.Location!.OriginalString.ShouldBe("/models?lane=small");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        cookie.ShouldNotContain(appliance.Keys[KeyScope.Admin].Token);
        (await GetAsync("/models", cookie)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/é")]
    [InlineData("")]
    public async Task Sign_in_leads_nowhere_else(string to)
    {
        using var answer = await SignInAsync(appliance.Keys[KeyScope.Admin].Token, to);

        answer.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Theory]
    [InlineData(KeyScope.Use)]
    [InlineData(KeyScope.Swap)]
    public async Task Key_of_a_program_does_not_sign_in(KeyScope scope)
    {
        using var answer = await SignInAsync(appliance.Keys[scope].Token, "/");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This key is for programs.");
    }

    [Fact]
    public async Task Wrong_key_is_told_apart_from_nothing()
    {
        using var answer = await SignInAsync("ak_wrong", "/");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("""role="alert" """.TrimEnd());
    }

    [Theory]
    [InlineData("key=%00&to=/")]
    [InlineData("key=ak_x&%zz=%00")]
    [InlineData(null)]
    public async Task Form_that_cannot_be_read_is_told_so(string? form)
    {
        using var content = new StringContent(form ?? string.Concat(Enumerable.Range(0, 3000).Select(i => $"a{i}=1&")), null, "application/x-www-form-urlencoded");
        using var answer = await appliance.SendAsync("POST", SignInPaths.SignIn, null, content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Paste the key again");
    }

    [Fact]
    public async Task Browser_is_signed_out_when_its_key_is_revoked()
    {
        var (key, token) = await appliance.CreateAsync("alice", KeyScope.Admin);
        using var signedIn = await SignInAsync(token, "/");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        (await GetAsync("/", cookie)).ShouldBe(HttpStatusCode.OK);

        using var revoked = await appliance.SendAsync("DELETE", $"/api/keys/{key.Id}", appliance.Keys[KeyScope.Admin].Token);

        revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync("/", cookie)).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Cookie_of_another_appliance_is_no_pass() =>
        (await GetAsync("/", $"{BrowserPass.Cookie}=CfDJ8forged")).ShouldBe(HttpStatusCode.Redirect);

    [Fact]
    public async Task T11_Live_connection_needs_the_pass_too()
    {
        (await UpgradeAsync()).Status.ShouldBe(401);
        using var signedIn = await SignInAsync(appliance.Keys[KeyScope.Admin].Token, "/");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        (await UpgradeAsync($"Cookie: {cookie}")).Status.ShouldBe(101);
        (await RawHttp.SendAsync(appliance.Address, "POST", "/_blazor/negotiate?negotiateVersion=1", "")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_back()
    {
        using var answer = await appliance.SendAsync("POST", SignInPaths.SignOut, null, new FormUrlEncodedContent([]));

        answer.Headers.Location!.OriginalString.ShouldBe(SignInPaths.SignIn);
        answer.Headers.GetValues("Set-Cookie").Single().ShouldContain("expires=Thu, 01 Jan 1970", Case.Insensitive);
    }

    private Task<HttpResponseMessage> SignInAsync(string token, string to) => appliance.SendAsync(
        "POST", SignInPaths.SignIn, null, new FormUrlEncodedContent(new Dictionary<string, string> { ["key"] = token, ["to"] = to }));

    private async Task<HttpStatusCode> GetAsync(string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var answer = await appliance.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private Task<RawAnswer> UpgradeAsync(params string[] headers) => RawHttp.SendAsync(
        appliance.Address,
        $"GET /_blazor HTTP/1.1\r\nHost: {appliance.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + string.Concat(headers.Select(header => $"{header}\r\n")) + "\r\n");
}
