using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Topology;

/// <summary>
/// Reads <c>cluster.yaml</c> (docs/guides/cluster-yaml.md) on top of what the environment describes: an entry whose id is known changes what it names,
/// a new id is added, <c>remove: yes</c> takes one away. Pure; with one problem nothing of the file is taken.
/// </summary>
public static class ClusterFile
{
    /// <summary>Reads what <see cref="GuardedYaml"/> made of the file.</summary>
    public static TopologyReading Read(YamlReading yaml, ClusterDefinition basis)
    {
        if (!yaml.IsOk)
        {
            return new TopologyReading(null, yaml.Problems);
        }

        if (yaml.Root is null)
        {
            return new TopologyReading(basis, []);
        }

        if (yaml.Root is not YamlNode.Map map)
        {
            return new TopologyReading(null, [yaml.Root.Place.Say("the file must begin with 'hosts:', 'lanes:', 'services:' or 'aliases:'.")]);
        }

        var problems = new List<string>();
        var fields = new YamlFields(map, problems);
        var hosts = Merge(fields.FindMaps("hosts"), basis.Hosts, host => host.Id.Value, problems, ReadHost);
        var lanes = Merge(fields.FindMaps("lanes"), basis.Lanes, lane => lane.Id.Value, problems, ReadLane);
        var services = Merge(fields.FindMaps("services"), basis.Services, service => service.Id.Value, problems, ReadService);
        var aliases = ReadAliases(fields);
        fields.RefuseUnknown();
        var definition = basis with { Hosts = hosts, Lanes = [.. lanes.OrderByDescending(lane => lane.Id == LaneId.Main)], Services = services, Aliases = aliases };
        if (problems.Count == 0)
        {
            ClusterCheck.Check(definition, problems);
        }

        return TopologyReading.Of(definition, problems);
    }

    private static ImmutableArray<T> Merge<T>(
        ImmutableArray<YamlNode.Map> entries, ImmutableArray<T> basis, Func<T, string> idOf, List<string> problems, Func<YamlFields, string, T?, T?> read)
        where T : class
    {
        var merged = basis.ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var had = problems.Count;
            var fields = new YamlFields(entry, problems);
            var id = fields.GetText("id", "spark-1");
            if (problems.Count == had && !Slug.IsValid(id))
            {
                fields.Problem(fields.PlaceOf("id"), "'id' must be lower-case letters, digits and hyphens, for example spark-1.");
            }

            if (!seen.Add(id) && problems.Count == had)
            {
                fields.Problem(fields.PlaceOf("id"), $"'{id}' stands here a second time.");
            }

            if (problems.Count > had)
            {
                continue;
            }

            var index = merged.FindIndex(item => idOf(item) == id);
            if (FindSwitch(fields, "remove") == true)
            {
                fields.RefuseUnknown();
                if (index >= 0)
                {
                    merged.RemoveAt(index);
                }

                continue;
            }

            var item = read(fields, id, index < 0 ? null : merged[index]);
            fields.RefuseUnknown();
            if (item is null || problems.Count > had)
            {
                continue;
            }

            if (index < 0)
            {
                merged.Add(item);
            }
            else
            {
                merged[index] = item;
            }
        }

        return [.. merged];
    }

    private static HostDefinition ReadHost(YamlFields fields, string id, HostDefinition? known)
    {
        var basis = known ?? new HostDefinition { Id = HostId.Parse(id), Name = id, Address = "", User = "" };
        var isOnlyWatched = !(FindSwitch(fields, "ssh") ?? !basis.IsOnlyWatched);
        return basis with
        {
            Name = Checked(fields, "name", basis.Name, TopologyWords.IsTitle, "one line of at most 80 characters", "Spark 1"),
            Address = Needed(fields, "address", known?.Address, TopologyWords.IsAddress, "an IPv4 address or a DNS name", "192.0.2.11"),
            IsOnlyWatched = isOnlyWatched,
            User = Needed(fields, "user", isOnlyWatched ? basis.User : known?.User, TopologyWords.IsUser, "a login name", "spark"),
            Port = fields.FindNumber("ssh_port", 1, 65535) ?? basis.Port,
            LaunchDirectory = ReadPath(fields, "launch_dir") ?? basis.LaunchDirectory,
            CacheDirectory = ReadPath(fields, "cache_dir") ?? basis.CacheDirectory,
        };
    }

    private static LaneDefinition ReadLane(YamlFields fields, string id, LaneDefinition? known)
    {
        var hosts = ReadHostIds(fields);
        if (hosts.IsEmpty && known is null)
        {
            fields.Problem(fields.Place, "'hosts' is missing: the machines of the lane, the one that answers first; for example hosts: [spark-2]");
        }

        var basis = known ?? new LaneDefinition { Id = LaneId.Parse(id), Name = id, Hosts = hosts };
        return basis with
        {
            Name = Checked(fields, "name", basis.Name, TopologyWords.IsTitle, "one line of at most 80 characters", "Small helper"),
            Hosts = hosts.IsEmpty ? basis.Hosts : hosts,
            Port = fields.FindNumber("port", 1, 65535) ?? basis.Port,
            Container = Checked(fields, "container", basis.Container, TopologyWords.IsContainer, "a container's name", "vllm_small"),
            Image = Optional(fields, "image", basis.Image, TopologyWords.IsImage, "the name of a container image", "vllm-node"),
        };
    }

    private static ServiceDefinition? ReadService(YamlFields fields, string id, ServiceDefinition? known)
    {
        var kindText = fields.FindText("kind");
        var kind = known?.Kind ?? default;
        if (kindText is null ? known is null : !Kinds.TryGetValue(kindText, out kind))
        {
            fields.Problem(fields.PlaceOf("kind"), $"'kind' must be one of {string.Join(", ", Kinds.Keys)}.");
        }

        var hostText = fields.FindText("host");
        var host = known?.Host ?? default;
        if (hostText is null ? known is null : !HostId.TryParse(hostText, out host))
        {
            fields.Problem(fields.PlaceOf("host"), "'host' must be the id of a machine, for example spark-1.");
        }

        var basis = known ?? new ServiceDefinition { Id = ServiceId.Parse(id), Name = id, Purpose = kind.ToString(), Kind = kind, Host = host };
        return basis with
        {
            Name = Checked(fields, "name", basis.Name, TopologyWords.IsTitle, "one line of at most 80 characters", "Listening"),
            Purpose = Checked(fields, "purpose", basis.Purpose, TopologyWords.IsTitle, "one line of at most 80 characters", "Speech to text"),
            Kind = kind,
            Host = host,
            Port = fields.FindNumber("port", 1, 65535) ?? basis.Port,
            Container = Optional(fields, "container", basis.Container, TopologyWords.IsContainer, "a container's name", "kokoro"),
            HealthPath = Checked(fields, "health_path", basis.HealthPath, TopologyWords.IsHealthPath, "a path that begins with '/'", "/health"),
        };
    }

    private static readonly ImmutableSortedDictionary<string, ServiceKind> Kinds = ImmutableSortedDictionary<string, ServiceKind>.Empty
        .Add("transcription", ServiceKind.Transcription)
        .Add("speech", ServiceKind.Speech)
        .Add("embeddings", ServiceKind.Embeddings)
        .Add("vector_store", ServiceKind.VectorStore)
        .Add("bot", ServiceKind.Bot);

    private static ImmutableArray<PortAlias> ReadAliases(YamlFields fields)
    {
        var aliases = ImmutableArray.CreateBuilder<PortAlias>();
        foreach (var (written, text, place) in fields.FindPairs("aliases"))
        {
            if (!AliasName.TryParse(written, out var name))
            {
                fields.Problem(place, $"'{written}' cannot be an alias: that is {AliasName.Rule}.");
            }
            else if (BuiltInAlias.Find(name) is not null)
            {
                fields.Problem(place, $"'{name}' has a meaning of its own and cannot stand for a port.");
            }
            else if (aliases.Any(alias => alias.Name == name))
            {
                fields.Problem(place, $"'{name}' stands here a second time.");
            }
            else if (!YamlFields.TryReadNumber(text, 1, 65535, out var port))
            {
                fields.Problem(place, $"'{written}' must stand for a port from 1 to 65535, written in plain digits; for example {written}: 8100");
            }
            else
            {
                aliases.Add(new PortAlias(name, port));
            }
        }

        return aliases.ToImmutable();
    }

    private static ImmutableArray<HostId> ReadHostIds(YamlFields fields)
    {
        var ids = ImmutableArray.CreateBuilder<HostId>();
        foreach (var word in fields.FindTexts("hosts"))
        {
            if (!HostId.TryParse(word.Text, out var id) || ids.Contains(id))
            {
                fields.Problem(word.Place, "each of 'hosts' must be the id of another machine, for example spark-1.");
                continue;
            }

            ids.Add(id);
        }

        return ids.ToImmutable();
    }

    private static RemotePath? ReadPath(YamlFields fields, string key)
    {
        if (fields.FindText(key) is not { } text)
        {
            return null;
        }

        if (RemotePath.TryParse(text, out var path))
        {
            return path;
        }

        fields.Problem(fields.PlaceOf(key), $"'{key}' must be an absolute path or one below ~/ without '..'; for example {key}: ~/spark-vllm-docker");
        return null;
    }

    private static string Needed(YamlFields fields, string key, string? known, Func<string, bool> isGood, string grammar, string example) =>
        known is null && fields.Find(key) is null
            ? fields.GetText(key, example)
            : Checked(fields, key, known ?? "", isGood, grammar, example);

    private static string Checked(YamlFields fields, string key, string absent, Func<string, bool> isGood, string grammar, string example) =>
        Optional(fields, key, absent, isGood, grammar, example) ?? absent;

    private static string? Optional(YamlFields fields, string key, string? absent, Func<string, bool> isGood, string grammar, string example)
    {
        if (fields.FindText(key) is not { } text)
        {
            return absent;
        }

        if (!isGood(text))
        {
            fields.Problem(fields.PlaceOf(key), $"'{key}' must be {grammar}; for example {key}: {example}");
        }

        return text;
    }

    private static bool? FindSwitch(YamlFields fields, string key)
    {
        switch (fields.FindText(key))
        {
            case null:
                return null;
            case "no" or "false":
                return false;
            case "yes" or "true":
                return true;
            default:
                fields.Problem(fields.PlaceOf(key), $"'{key}' must be yes or no.");
                return null;
        }
    }
}
