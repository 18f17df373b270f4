using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Errors and plain JSON as vLLM writes them: <c>code</c> is the status as a number.</summary>
internal static class FakeErrors
{
    public static Task WriteAsync(HttpContext context, int status, string type, string message, string? param = null)
    {
        var body = new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = status },
        };
        return WriteJsonAsync(context, body, status);
    }

    public static Task UnknownModelAsync(HttpContext context, string model) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "NotFoundError", $"The model `{model}` does not exist.", "model");

    public static Task BadRequestAsync(HttpContext context, string message) =>
        WriteAsync(context, StatusCodes.Status400BadRequest, "BadRequestError", message);

    public static async Task WriteJsonAsync(HttpContext context, JsonNode body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
