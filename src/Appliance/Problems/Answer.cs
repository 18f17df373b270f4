using System.Text;
using Appliance.Wire;

namespace Appliance.Problems;

/// <summary>Tells the caller about a refusal in the dialect of the path.</summary>
internal static class Answer
{
    private const string CodeItem = "Appliance.RefusalCode";

    /// <summary>The code of the refusal that was answered; null when the request was carried out.</summary>
    public static string? FindCode(HttpContext context) => context.Items[CodeItem] as string;

    /// <summary>For a refusal that somebody else puts into words.</summary>
    public static void NoteCode(HttpContext context, Refusal refusal) => context.Items[CodeItem] = refusal.Code;

    public static async Task WriteAsync(HttpContext context, Refusal refusal)
    {
        NoteCode(context, refusal);
        context.Response.StatusCode = refusal.Status;

        // A caller under a foreign name learns nothing about what is here, not even the dialect.
        var dialect = refusal.Status == StatusCodes.Status421MisdirectedRequest ? Dialect.Text : Dialects.Of(context.Request.Path);
        switch (dialect)
        {
            case Dialect.Problem:
                await ToProblem(refusal, context).ExecuteAsync(context);
                break;
            case Dialect.OpenAi:
                await context.Response.WriteAsJsonAsync(OpenAiError.Of(refusal), WireJson.Default.OpenAiError, cancellationToken: context.RequestAborted);
                break;
            case Dialect.Text:
                var text = Encoding.UTF8.GetBytes($"{refusal.Detail}\n");
                context.Response.ContentType = "text/plain; charset=utf-8";
                context.Response.ContentLength = text.Length;
                await context.Response.Body.WriteAsync(text, context.RequestAborted);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static IResult ToProblem(Refusal refusal, HttpContext context) =>
        TypedResults.Problem(Problem.Of(refusal, ("request_id", context.TraceIdentifier)));
}
