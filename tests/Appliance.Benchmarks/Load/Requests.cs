using System.Text;

namespace Appliance.Benchmarks.Load;

/// <summary>What a chat program sends: the name is not the one that the server knows, so that the gateway has to put in another.</summary>
internal static class Requests
{
    private const string Model = "owner/stand-in";

    private static readonly string s_prompt = new('y', 2_000);

    public static HttpRequestMessage Chat(Uri server) => Post(server, $$"""{"model":"{{Model}}","messages":[{"role":"user","content":"{{s_prompt}}"}]}""");

    public static HttpRequestMessage Stream(Uri server) =>
        Post(server, $$"""{"model":"{{Model}}","stream":true,"messages":[{"role":"user","content":"{{s_prompt}}"}]}""");

    private static HttpRequestMessage Post(Uri server, string body) => new(HttpMethod.Post, new Uri(server, "/v1/chat/completions"))
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };
}
