using Appliance.Cluster.Routing;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.OpenAi;

/// <summary><c>/v1/models</c>: what answers now, all servers merged.</summary>
internal static class ModelsEndpoint
{
    public static IResult List(IUpstreams upstreams) =>
        Results.Json(new ModelList([.. Serving(upstreams).Select(ListedModel.Of).DistinctBy(model => model.Id)]), OpenAiJson.Default.ModelList);

    public static async Task FindAsync(HttpContext context, string id, IUpstreams upstreams)
    {
        var upstream = Serving(upstreams).FirstOrDefault(upstream => upstream.Names.Contains(id, StringComparer.OrdinalIgnoreCase));
        if (upstream is null)
        {
            await FailureWriter.WriteAsync(context, Failure.UnknownModel(id, [.. Serving(upstreams).Select(serving => ListedModel.Of(serving).Id)]));
            return;
        }

        await Results.Json(ListedModel.Of(upstream), OpenAiJson.Default.ListedModel).ExecuteAsync(context);
    }

    private static IEnumerable<Upstream> Serving(IUpstreams upstreams) => upstreams.All.Where(upstream => upstream.Availability == UpstreamAvailability.Serving);
}
