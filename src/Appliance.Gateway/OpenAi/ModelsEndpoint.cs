using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.OpenAi;

/// <summary><c>/v1/models</c>: what answers now, all servers merged, and the owner's aliases for it.</summary>
internal static class ModelsEndpoint
{
    public static IResult List(IUpstreams upstreams)
    {
        var aliases = upstreams.Aliases;
        var models = Serving(upstreams).Select(upstream => ListedModel.Of(upstream, aliases));
        var own = aliases.Where(alias => alias.IsOwn && alias.Server is not null).Select(alias => ListedModel.Of(alias, alias.Server!));
        return Results.Json(new ModelList([.. models.Concat(own).DistinctBy(model => model.Id)]), OpenAiJson.Readable.ModelList);
    }

    public static async Task FindAsync(HttpContext context, string path, IUpstreams upstreams)
    {
        // Clients escape the slash of a name, and the web server decodes all of a path but that.
        var id = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var aliases = upstreams.Aliases;
        var named = Serving(upstreams).FirstOrDefault(upstream => upstream.Names.Contains(id, StringComparer.OrdinalIgnoreCase));
        var listed = named is not null ? ListedModel.Of(named, aliases) : FindAlias(id, aliases);
        if (listed is null)
        {
            await FailureWriter.WriteAsync(context, Failure.UnknownModel(id, new([.. Serving(upstreams).Select(serving => ListedModel.Of(serving, aliases).Id)])));
            return;
        }

        await Results.Json(listed, OpenAiJson.Readable.ListedModel).ExecuteAsync(context);
    }

    private static ListedModel? FindAlias(string id, ImmutableArray<KnownAlias> aliases) =>
        aliases.FirstOrDefault(alias => alias.Server is not null && string.Equals(alias.Name, id, StringComparison.OrdinalIgnoreCase)) is { Server: { } server } known
            ? ListedModel.Of(known, server)
            : null;

    private static IEnumerable<Upstream> Serving(IUpstreams upstreams) => upstreams.All.Where(upstream => upstream.Availability == UpstreamAvailability.Serving);
}
