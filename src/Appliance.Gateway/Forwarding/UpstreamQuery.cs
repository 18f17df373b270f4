using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Appliance.Gateway.Forwarding;

/// <summary>The query that an upstream gets: only what its row allows, encoded anew, with the upstream's own name for the model. Pure.</summary>
internal static class UpstreamQuery
{
    public static QueryString Make(HttpRequest request, PassThroughRoute route, string servedName)
    {
        if (route.Query.IsEmpty || !request.QueryString.HasValue)
        {
            return QueryString.Empty;
        }

        var query = new QueryBuilder();
        foreach (var (name, values) in request.Query.Where(parameter => route.Query.Contains(parameter.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var isModel = string.Equals(name, "model", StringComparison.OrdinalIgnoreCase);
            foreach (var value in values)
            {
                query.Add(name, isModel && servedName.Length > 0 ? servedName : value ?? string.Empty);
            }
        }

        return query.ToQueryString();
    }
}
