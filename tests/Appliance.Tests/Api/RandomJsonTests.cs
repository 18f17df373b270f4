using System.Net;
using System.Text;
using System.Text.Json;
using Appliance.Tests.Running;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>Whatever is posted, the answer is in words and never "internal error".</summary>
[Collection(ApplianceTests.Name)]
public sealed class RandomJsonTests(ApplianceRun appliance)
{
    private const int Samples = 150;

    private static readonly string[] Fields = ["model", "lane", "token", "force", "dry_run", "queue", "wait_seconds", "note", "holder", "ttl_seconds", "x"];

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Elements("null", "true", "false", "0", "-1", "1e999", "1e-400", "12345678901234567890", "\"\"", "\"main\"", "\"small\"", "\"../x\"", "\"\\u0000\"", "\"\\ud800\"", "\"\u202e\""),
        ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(number => number.ToString("R")),
        ArbMap.Default.GeneratorFor<string?>().Select(text => JsonSerializer.Serialize(text)));

    private static readonly Gen<string> Value = Gen.Frequency(
        (8, Scalar),
        (1, Scalar.ListOf().Select(items => $"[{string.Join(",", items)}]")),
        (1, Scalar.Select(item => $"{{\"x\":{item}}}")));

    private static readonly Gen<string> Body = Gen.Frequency(
        (6, (from name in Gen.Elements(Fields) from value in Value select $"\"{name}\":{value}").ListOf().Select(fields => $"{{{string.Join(",", fields)}}}")),
        (2, Value),
        (2, from whole in Value from cut in Gen.Choose(0, 20) select whole[..Math.Min(cut, whole.Length)]));

    [Fact]
    public async Task Random_json_at_every_post_is_answered_in_words()
    {
        var posts = MappedEndpoint.All(appliance.Services)
            .Where(target => target.Method is "POST" or "PUT" && target.Path.StartsWith("/api", StringComparison.Ordinal))
            .Select(target => target.Path)
            .Distinct()
            .ToArray();
        posts.ShouldNotBeEmpty();
        foreach (var body in Body.Sample(Samples))
        {
            foreach (var path in posts)
            {
                // A body that happens to be a good wish to stop is none of this test's business.
                using var content = new StringContent(path == "/api/stop" ? $"{{\"lane\":\"attic\",\"x\":{body}}}" : body, Encoding.UTF8, "application/json");
                using var answer = await appliance.Client.PostAsync(new Uri(path, UriKind.Relative), content);

                ((int)answer.StatusCode).ShouldBeInRange(200, 499, $"{path}: {body}");
                answer.Content.Headers.ContentType.ShouldNotBeNull($"{path}: {body}");
            }
        }

        // A good wish among them has reserved a lane.
        foreach (var lane in new[] { "main", "small" })
        {
            (await appliance.Client.DeleteAsync(new Uri($"/api/swap/lock?lane={lane}&force=true", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await appliance.Client.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
