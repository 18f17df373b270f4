using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Appliance.Problems;

/// <summary>RFC 9457 problem details with our <c>code</c> and <c>advice</c>.</summary>
internal static class Problem
{
    public static ProblemDetails Of(Refusal refusal, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var problem = new ProblemDetails
        {
            Type = $"urn:appliance:problem:{refusal.Code}",
            Title = ReasonPhrases.GetReasonPhrase(refusal.Status),
            Status = refusal.Status,
            Detail = refusal.Detail,
            Extensions = { ["code"] = refusal.Code },
        };
        if (refusal.Advice is not null)
        {
            problem.Extensions["advice"] = refusal.Advice;
        }

        foreach (var (name, value) in more)
        {
            if (value is not null)
            {
                problem.Extensions[name] = value;
            }
        }

        return problem;
    }
}
