using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Shouldly;

namespace Appliance.Tests.Running;

/// <summary>Reads server-sent events as a client does.</summary>
public static class EventReader
{
    public static async Task<IReadOnlyList<StreamItem>> ReadToEndAsync(HttpClient client, string path, long? after)
    {
        var items = new List<StreamItem>();
        await foreach (var item in ReadAsync(client, path, after, CancellationToken.None))
        {
            items.Add(item);
        }

        return items;
    }

    public static async IAsyncEnumerable<StreamItem> ReadAsync(
        HttpClient client, string path, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (after is { } id)
        {
            request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return new StreamItem(
                long.Parse(item.EventId!, CultureInfo.InvariantCulture), item.EventType, JsonDocument.Parse(item.Data).RootElement.Clone());
        }
    }
}
