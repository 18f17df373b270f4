using System.Net;
using Appliance.Hosting;

namespace Appliance.Health;

/// <summary>What <c>--healthcheck</c> does: asks the appliance in this container for its health. An image without curl needs no more.</summary>
internal static class SelfCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(ApplianceOptions options, TextWriter errors, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await client.GetAsync(new Uri(LoopbackOf(options.Urls[0]), "healthz"), cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return 0;
            }

            await errors.WriteLineAsync($"The appliance answers {(int)answer.StatusCode} when asked for its health.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await errors.WriteLineAsync("The appliance does not answer when asked for its health.");
        }

        return 1;
    }

    internal static Uri LoopbackOf(string url)
    {
        var address = BindingAddress.Parse(url);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" or "localhost" ? "127.0.0.1" : address.Host;
        return new Uri($"http://{host}:{address.Port}/");
    }
}
