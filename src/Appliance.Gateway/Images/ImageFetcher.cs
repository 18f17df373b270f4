using System.Net;
using System.Net.Sockets;

namespace Appliance.Gateway.Images;

/// <summary>
/// Fetches a picture from the public internet so that no model server has to (threats T-07, T-08): http and https only, every address checked, redirects
/// checked like first addresses, pictures only by what their bytes say, and limits on size and time. Thread-safe.
/// </summary>
internal sealed class ImageFetcher : IDisposable
{
    /// <summary>The largest picture, in bytes: twice a photo of 12 megapixels.</summary>
    public const int LongestImage = 20 * 1024 * 1024;

    /// <summary>Every kind shows itself in so many bytes.</summary>
    private const int EnoughToTell = 16;

    /// <summary>Below are mail, files and other services that have no pictures; a request to one of them is an attempt to make us speak with it.</summary>
    private const int FirstFreePort = 1024;

    private const int MostRedirects = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);

    private readonly HttpMessageInvoker _client;

    public ImageFetcher(ImageNetwork network)
    {
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectDeadline,
            ConnectCallback = new ImageDialer(network).ConnectAsync,
            // Every picture judges its address anew.
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = 16,
            ResponseDrainTimeout = TimeSpan.Zero,
        });
    }

    /// <summary>Only the caller's cancellation throws.</summary>
    public async Task<ImageOutcome> FetchAsync(string address, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            return await FollowAsync(address, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ImageOutcome.Failed($"it did not come within {Deadline.TotalSeconds:0} seconds");
        }
        catch (HttpRequestException error)
        {
            return new ImageOutcome.Failed(error.InnerException is ForbiddenAddressException forbidden ? forbidden.Message : "its server could not be reached");
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return new ImageOutcome.Failed("its server broke off");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<ImageOutcome> FollowAsync(string address, CancellationToken cancellationToken)
    {
        var next = FindAddress(address, null);
        for (var redirects = 0; next is not null && redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            request.Headers.TryAddWithoutValidation("User-Agent", "Appliance");
            request.Headers.TryAddWithoutValidation("Accept", "image/*");
            using var response = await _client.SendAsync(request, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return await ReadAsync(response, cancellationToken);
            }

            var location = response.Headers.TryGetValues("Location", out var values) ? values.FirstOrDefault() : null;
            next = FindAddress(location, next);
        }

        return new ImageOutcome.Failed(next is null ? "the address is not a plain http or https address" : "it is behind too many redirects");
    }

    private static Uri? FindAddress(string? text, Uri? from) =>
        text is not null && (from is null ? Uri.TryCreate(text, UriKind.Absolute, out var address) : Uri.TryCreate(from, text, out address))
        && address is { Scheme: "http" or "https", UserInfo: "", Host.Length: > 0, Port: 80 or 443 or >= FirstFreePort }
        && !(from?.Scheme == "https" && address.Scheme == "http")
            ? address
            : null;

    private static async Task<ImageOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new ImageOutcome.Failed($"its server answered {(int)response.StatusCode}");
        }

        if (response.Content.Headers.ContentLength > LongestImage)
        {
            return TooLarge();
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var piece = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (bytes.Length + read > LongestImage)
            {
                return TooLarge();
            }

            bytes.Write(piece, 0, read);
            if (bytes.Length >= EnoughToTell && ImageKind.Find(bytes.GetBuffer()) is null)
            {
                break;
            }
        }

        var picture = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return ImageKind.Find(picture.Span) is { } type ? new ImageOutcome.Fetched(type, picture) : new ImageOutcome.Failed("it is not a picture of a known kind");
    }

    private static ImageOutcome.Failed TooLarge() => new($"it is larger than {LongestImage / 1024 / 1024} MB");
}
