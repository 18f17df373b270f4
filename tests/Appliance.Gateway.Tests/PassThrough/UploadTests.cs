using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.PassThrough;

public sealed class UploadTests : IAsyncLifetime
{
    private const string Path = "/v1/audio/transcriptions";

    private GatewayRig _rig = null!;
    private RecordingUpstream _upstream = null!;

    public async Task InitializeAsync()
    {
        _rig = await GatewayRig.StartAsync();
        _upstream = _rig.Own(await RecordingUpstream.StartAsync());
        _rig.Upstreams.Add(GatewayRig.Serving(_upstream.Port, "whisper-served", "openai--whisper", UpstreamTask.Transcription));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Recording_is_on_its_way_before_it_has_come_in()
    {
        var arrived = new SemaphoreSlim(0);
        var seen = 0L;
        _upstream.Reading = count =>
        {
            seen += count;
            arrived.Release();
        };
        using var client = await RawClient.ConnectAsync(_rig.Address);
        var form = RowRequest.Form("default", new byte[1_000_000]);
        await client.SendAsync($"POST {Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: multipart/form-data; boundary={RowRequest.Boundary}\r\nContent-Length: {form.Length}\r\n\r\n");
        for (var sent = 0; sent < form.Length; sent += 100_000)
        {
            await client.SendAsync(form.AsMemory(sent, Math.Min(100_000, form.Length - sent)));

            // All but what may still turn out to be a boundary, and what the sending side keeps for its next packet.
            while (Volatile.Read(ref seen) < Math.Min(sent + 100_000, form.Length) - 5_000)
            {
                (await arrived.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
            }
        }

        await client.ReadUntilAsync("{}");
        _upstream.Requests.ShouldHaveSingleItem().Body.ShouldBe(RowRequest.Form("whisper-served", new byte[1_000_000]));
    }

    [Fact]
    public async Task Model_behind_the_recording_is_exchanged_without_knowing_the_length()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(new byte[200_000]), "file", "a.wav" },
            { new StringContent("whisper-1"), "model" },
        };

        (await _rig.Http.PostAsync(Path, form).DefaultTimeout()).StatusCode.ShouldBe(HttpStatusCode.OK);

        var received = _upstream.Requests.ShouldHaveSingleItem();
        received.Headers.ShouldNotContainKey("Content-Length");
        Encoding.Latin1.GetString(received.Body).ShouldContain("\r\n\r\nwhisper-served\r\n--");
    }

    [Theory]
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nnever ends", "The form ends before its last boundary.")]
    [InlineData("no boundary", "The form does not begin with the boundary that its Content-Type names.")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"file_url\"\r\n\r\nhttp://192.0.2.1\r\n--x--\r\n", "The field 'file_url' is not accepted: send the sound itself instead of an address.")]
    public async Task T24_Bad_form_is_400_in_words(string body, string message)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");

        var answer = await _rig.Http.PostAsync(Path, content).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MessageAsync(answer)).ShouldBe(message);
        _upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task T24_Form_that_turns_bad_after_megabytes_is_400_and_no_whole_request_upstream()
    {
        var form = new StringBuilder($"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{new string('s', 3_000_000)}\r\n--x\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\nhttp://192.0.2.1\r\n--x--\r\n");
        using var content = new StringContent(form.ToString());
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");

        var answer = await _rig.Http.PostAsync(Path, content).DefaultTimeout();

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MessageAsync(answer)).ShouldContain("'url' is not accepted");
        _upstream.Requests.ShouldBeEmpty();
        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Caller_who_leaves_in_the_middle_of_a_recording_ends_the_work_upstream()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.Reading = _ => begun.TrySetResult();
        using var client = await RawClient.ConnectAsync(_rig.Address);
        var form = RowRequest.Form("default", new byte[1_000_000]);
        await client.SendAsync($"POST {Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: multipart/form-data; boundary={RowRequest.Boundary}\r\nContent-Length: {form.Length}\r\n\r\n");
        await client.SendAsync(form.AsMemory(0, 500_000));
        await begun.Task.DefaultTimeout();

        client.Reset();

        await _rig.Traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        await _upstream.Idle.DefaultTimeout();
        _upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answer_that_comes_before_the_recording_is_over_reaches_the_caller()
    {
        _upstream.IsRecording = false;
        _upstream.Answer = async context =>
        {
            context.Response.StatusCode = 415;
            await context.Response.WriteAsJsonAsync(new { detail = "not a sound" });
        };
        using var client = await RawClient.ConnectAsync(_rig.Address);
        var form = RowRequest.Form("default", new byte[5_000_000]);
        await client.SendAsync($"POST {Path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: multipart/form-data; boundary={RowRequest.Boundary}\r\nContent-Length: {form.Length}\r\n\r\n");
        await client.SendAsync(form.AsMemory(0, 200_000));

        (await client.ReadUntilAsync("not a sound")).ShouldStartWith("HTTP/1.1 415 ");
    }

    private static async Task<string> MessageAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("error").GetProperty("message").GetString()!;
}
