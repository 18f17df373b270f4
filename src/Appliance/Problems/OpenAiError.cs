namespace Appliance.Problems;

internal sealed record OpenAiError(OpenAiErrorBody Error, string Src)
{
    public static OpenAiError Of(Refusal refusal) => new(new OpenAiErrorBody(
        refusal.Advice is null ? refusal.Detail : $"{refusal.Detail} {refusal.Advice}",
        refusal.Status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error",
        Param: null,
        refusal.Code), Src: "appliance");
}
