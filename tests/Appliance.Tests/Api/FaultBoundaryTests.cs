using System.Net;
using System.Reflection;
using Appliance.Cluster.Storage;
using Appliance.Problems;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>T-37: whatever goes wrong inside, the caller sees words and no insides.</summary>
public sealed class FaultBoundaryTests
{
    private const string Canary = "canary-5d1f";

    private static readonly Func<Exception>[] Faults =
    [
        () => new InvalidOperationException(Canary), () => new NotSupportedException(Canary), () => new ArithmeticException(Canary), () => new IOException(Canary),
        () => new TimeoutException(Canary), () => new OperationCanceledException(Canary), () => new FormatException(Canary), () => new KeyNotFoundException(Canary),
        () => new HttpRequestException(Canary), () => new UnauthorizedAccessException(Canary), () => new System.Text.Json.JsonException(Canary),
        () => new AggregateException(new InvalidOperationException(Canary)), () => new TargetInvocationException(new FileNotFoundException(Canary, "/etc/canary-5d1f")),
        () => new BadHttpRequestException(Canary, 400), () => new BadHttpRequestException(Canary, 408), () => new BadHttpRequestException(Canary, 413),
    ];

    [Theory]
    [InlineData("/api/x", "application/problem+json")]
    [InlineData("/v1/x", "application/json")]
    [InlineData("/x", "text/plain")]
    public async Task T37_Exception_shows_nothing_of_the_inside(string path, string type)
    {
        var next = 0;
        await using var app = await StartAsync(_ => throw Faults[next % Faults.Length]());
        using var client = new HttpClient();
        for (; next < Faults.Length; next++)
        {
            using var answer = await client.GetAsync(new Uri(new Uri(app.Urls.First()), path)).DefaultTimeout();
            var body = await answer.Content.ReadAsStringAsync();

            ((int)answer.StatusCode).ShouldBe(Faults[next]() is BadHttpRequestException bad ? bad.StatusCode : 500);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            body.Length.ShouldBeGreaterThan(20);
            body.ShouldNotContain("canary", Case.Insensitive);
            body.ShouldNotContain("Exception");
            body.ShouldNotContain("   at ");
        }
    }

    [Theory]
    [InlineData("/api/x")]
    [InlineData("/v1/x")]
    public async Task What_could_not_be_stored_is_said_in_words_and_not_as_a_fault(string path)
    {
        await using var app = await StartAsync(_ => throw new StoreException(StoreFault.NotWritable, Canary));
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(new Uri(app.Urls.First()), path)).DefaultTimeout();
        var body = await answer.Content.ReadAsStringAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        body.ShouldContain("not_stored");
        body.ShouldContain("so it was not done");
        body.ShouldNotContain(Canary);
    }

    [Fact]
    public async Task Answer_that_breaks_in_the_middle_does_not_look_whole()
    {
        await using var app = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half of it");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException(Canary);
        });
        using var client = new HttpClient();

        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(app.Urls.First())).DefaultTimeout());
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task Empty_error_gets_words(HttpStatusCode status)
    {
        await using var app = await StartAsync(context =>
        {
            context.Response.StatusCode = (int)status;
            return Task.CompletedTask;
        });
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(new Uri(app.Urls.First()), "/api/x")).DefaultTimeout();

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"code\"");
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate handler)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseMiddleware<FaultBoundary>();
        app.Run(handler);
        await app.StartAsync().DefaultTimeout();
        return app;
    }
}
