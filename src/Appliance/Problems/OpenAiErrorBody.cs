namespace Appliance.Problems;

internal sealed record OpenAiErrorBody(string Message, string Type, string? Param, string Code);
