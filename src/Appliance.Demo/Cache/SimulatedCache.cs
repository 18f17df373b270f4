using System.Collections.Immutable;
using System.Text;
using Appliance.Cluster.Primitives;

namespace Appliance.Demo.Cache;

/// <summary>A simulated Hugging Face cache: answers <c>list-models.sh</c> as the real one would. Thread-safe.</summary>
public sealed class SimulatedCache
{
    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, DemoModel> _models;

    internal SimulatedCache(IEnumerable<DemoModel> models) =>
        _models = models.ToImmutableSortedDictionary(model => model.Repo.ToString(), model => model, StringComparer.Ordinal);

    /// <summary>What lies there now, ordered by repository.</summary>
    public ImmutableArray<DemoModel> Models => [.. _models.Values];

    /// <summary>Bytes of all models.</summary>
    public ByteSize Size => new(_models.Values.Sum(model => model.Size.Bytes));

    /// <summary>The model of that repository, or null.</summary>
    public DemoModel? Find(string repo) => _models.GetValueOrDefault(repo);

    /// <summary>Puts a model there, or replaces it.</summary>
    public void Put(DemoModel model)
    {
        lock (_gate)
        {
            _models = _models.SetItem(model.Repo.ToString(), model);
        }
    }

    /// <summary>Deletes a model; false when it is not there.</summary>
    public bool Remove(RepoId repo)
    {
        lock (_gate)
        {
            var before = _models;
            _models = before.Remove(repo.ToString());
            return before.Count != _models.Count;
        }
    }

    internal string List()
    {
        var text = new StringBuilder("appliance-models 1\nhub present\n");
        var models = _models;
        foreach (var model in models.Values)
        {
            text.Append($"model models--{model.Repo.Owner}--{model.Repo.Name}\nsize {model.Size.Bytes}\nref yes\nrevision {model.Revision}\nsnapshot yes\n");
            text.Append(model.MissingShards > 0 ? "partial\n" : "");
            text.Append(model.MissingShards > 0 ? $"broken {model.MissingShards}\n" : "");
            text.Append($"shards {model.Shards - model.MissingShards} {model.Shards}\nconfig yes\n");
            foreach (var line in model.ConfigJson.AsSpan().TrimEnd('\n').EnumerateLines())
            {
                text.Append('|').Append(line).Append('\n');
            }

            text.Append("done\n");
        }

        return text.Append($"end {models.Count}\n").ToString();
    }
}
