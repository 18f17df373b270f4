using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Appliance.TestKit.Time;

namespace Appliance.Tests.Running;

/// <summary>Sends bytes as they are: what no HTTP client would send.</summary>
public static class RawHttp
{
    public static async Task<RawAnswer> SendAsync(Uri server, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).DefaultTimeout();
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        var head = await ReadHeadAsync(stream).DefaultTimeout();
        if (head.Length == 0)
        {
            return new RawAnswer(0, "", "");
        }

        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        var body = "";
        var ends = head.Contains("Content-Length: ", StringComparison.OrdinalIgnoreCase) || head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase);
        if (ends && !head.Contains("text/event-stream", StringComparison.Ordinal) && !text.StartsWith("HEAD ", StringComparison.Ordinal))
        {
            body = await ReadBodyAsync(stream, head).DefaultTimeout();
        }

        return new RawAnswer(status, head, body);
    }

    public static Task<RawAnswer> SendAsync(Uri server, string method, string path, string? body, params string[] headers)
    {
        var lines = headers.ToList();
        if (!lines.Any(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)))
        {
            lines.Insert(0, $"Host: {server.Authority}");
        }

        if (body is not null)
        {
            lines.Add($"Content-Length: {Encoding.Latin1.GetByteCount(body)}");
        }

        return SendAsync(server, $"{method} {path} HTTP/1.1\r\n{string.Join("\r\n", lines)}\r\nConnection: close\r\n\r\n{body}");
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            int read;
            try
            {
                read = await stream.ReadAsync(one);
            }
            catch (IOException)
            {
                // The server has cut the connection: there is no answer.
                return "";
            }

            if (read == 0)
            {
                return "";
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static bool EndsHead(StringBuilder head) => head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n";

    private static async Task<string> ReadBodyAsync(NetworkStream stream, string head)
    {
        var buffer = new byte[64 * 1024];
        var body = new StringBuilder();
        var wanted = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line
            ? int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)
            : int.MaxValue;
        while (body.Length < wanted)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer);
            }
            catch (IOException)
            {
                // Cut: what came so far is the body.
                break;
            }

            if (read == 0)
            {
                break;
            }

            body.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return body.ToString();
    }
}
