using System.Text;
using Appliance.Gateway.Exchanges;
using Appliance.Gateway.PassThrough;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>A request as the row takes it: JSON, a form with a short recording, or nothing but a query.</summary>
internal static class RowRequest
{
    public const string Boundary = "----boundary";

    /// <summary>The smallest that works.</summary>
    public static HttpRequestMessage To(PassThroughRoute route, string? model = "default") => route.ModelName switch
    {
        ModelNamePlace.JsonBody => Json(route, $$"""{"model":{{(model is null ? "null" : $"\"{model}\"")}}{{More(route)}}}"""),
        ModelNamePlace.Form => With(route, route.Path, new ByteArrayContent(Form(model, "RIFF"u8)), $"multipart/form-data; boundary={Boundary}"),
        _ => new HttpRequestMessage(new HttpMethod(route.Method), model is null ? route.Path : $"{route.Path}?model={Uri.EscapeDataString(model)}"),
    };

    public static HttpRequestMessage Json(PassThroughRoute route, string body) => With(route, route.Path, new StringContent(body, Encoding.UTF8), "application/json; charset=utf-8");

    /// <summary>The bytes of a form: the model first, as programs should, then the recording.</summary>
    public static byte[] Form(string? model, ReadOnlySpan<byte> recording)
    {
        var field = model is null ? string.Empty : $"--{Boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{model}\r\n";
        return
        [
            .. Encoding.UTF8.GetBytes($"{field}--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"é.wav\"\r\nContent-Type: audio/wav\r\n\r\n"),
            .. recording,
            .. Encoding.UTF8.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];
    }

    /// <summary>The bytes of a whole request, for a socket.</summary>
    public static string Raw(PassThroughRoute route)
    {
        var head = $"{route.Method} {route.Path}{(route.ModelName == ModelNamePlace.Query ? "?model=default" : "")} HTTP/1.1\r\nHost: gateway\r\n";
        var body = route.ModelName switch
        {
            ModelNamePlace.JsonBody => $$"""{"model":"default","stream":true{{More(route)}}}""",
            ModelNamePlace.Form => Encoding.UTF8.GetString(Form("default", "RIFF"u8)),
            _ => null,
        };
        return body is null ? $"{head}\r\n" : $"{head}Content-Type: {ContentTypeOf(route)}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
    }

    public static string ContentTypeOf(PassThroughRoute route) =>
        route.ModelName == ModelNamePlace.Form ? $"multipart/form-data; boundary={Boundary}" : "application/json";

    private static HttpRequestMessage With(PassThroughRoute route, string target, HttpContent content, string type)
    {
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new HttpRequestMessage(new HttpMethod(route.Method), target) { Content = content };
    }

    /// <summary>What a row's requests cannot do without.</summary>
    private static string More(PassThroughRoute route) => route.Exchange switch
    {
        RouteExchange.Score => ""","text_1":"q","text_2":["d"]""",
        RouteExchange.Rerank => ""","query":"q","documents":["d"]""",
        RouteExchange.Embeddings => ""","input":"x" """,
        _ => string.Empty,
    };
}
