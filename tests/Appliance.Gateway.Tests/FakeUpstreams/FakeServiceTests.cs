using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Demo.FakeUpstreams;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.FakeUpstreams;

public sealed class FakeServiceTests
{
    [Fact]
    public async Task Embeddings_are_normalised_the_same_each_time_and_near_for_shared_words()
    {
        await using var server = await FakeEmbeddingServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };

        var answer = await http.PostAsJsonAsync("/v1/embeddings", new { model = "any", input = new[] { "the cat sleeps", "the cat eats", "quarterly revenue", "the cat sleeps" } }).DefaultTimeout();

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout();
        var vectors = body.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("embedding").Deserialize<float[]>()!).ToArray();
        vectors.ShouldAllBe(vector => vector.Length == FakeEmbeddingServer.Dimensions && Math.Abs(Dot(vector, vector) - 1) < 1e-4);
        vectors[3].ShouldBe(vectors[0]);
        Dot(vectors[0], vectors[1]).ShouldBeGreaterThan(Dot(vectors[0], vectors[2]) + 0.3);
    }

    [Fact]
    public async Task Speech_is_a_wave_file_and_is_written_down_again()
    {
        await using var server = await FakeSpeechServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };

        var spoken = await http.PostAsJsonAsync("/v1/audio/speech", new { model = "kokoro", input = "four words are spoken", voice = "af_heart", response_format = "wav" }).DefaultTimeout();
        var wave = await spoken.Content.ReadAsByteArrayAsync().DefaultTimeout();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(wave), "file", "a.wav" }, { new StringContent("verbose_json"), "response_format" } };
        var written = await http.PostAsync("/v1/audio/transcriptions", form).DefaultTimeout();

        Encoding.ASCII.GetString(wave, 0, 4).ShouldBe("RIFF");
        BitConverter.ToInt32(wave, 40).ShouldBe(wave.Length - 44);
        (await written.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout()).GetProperty("words").GetArrayLength().ShouldBeGreaterThan(5);
        (await http.GetFromJsonAsync<JsonElement>("/v1/audio/voices").DefaultTimeout()).GetProperty("voices")[0].GetProperty("id").GetString().ShouldBe("af_heart");
    }

    [Fact]
    public async Task Unwell_vector_store_answers_503_and_a_closed_one_refuses()
    {
        await using var server = await FakeVectorServer.StartAsync(IPAddress.Loopback, TimeProvider.System, CancellationToken.None).DefaultTimeout();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        server.Collections = ["notes"];

        (await http.GetStringAsync("/healthz").DefaultTimeout()).ShouldBe("healthz check passed");
        (await http.GetStringAsync("/collections").DefaultTimeout()).ShouldContain("notes");
        server.Healthy = false;
        (await http.GetAsync("/healthz").DefaultTimeout()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await server.CloseAsync().DefaultTimeout();
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync("/healthz").DefaultTimeout());
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();
}
