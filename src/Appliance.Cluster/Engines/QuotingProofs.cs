using System.Collections.Concurrent;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;

namespace Appliance.Cluster.Engines;

/// <summary>The proofs so far, by host, launcher and whether it starts several machines; kept over restarts. Thread-safe.</summary>
public sealed class QuotingProofs(Database database, TimeProvider time)
{
    private readonly ConcurrentDictionary<Key, QuotingProof> _known = new();

    /// <summary>The proof for a launcher, by the hash of its text; null when there is none.</summary>
    public async Task<QuotingProof?> FindAsync(HostId host, string hash, bool isCluster, CancellationToken cancellationToken)
    {
        var key = new Key(host, hash, isCluster);
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        var row = await database.ReadAsync(
            connection => connection.QueryFirstOrDefault<Row>(
                "SELECT way AS Way, plain_marks AS PlainMarks FROM quoting_proofs WHERE host = @host AND hash = @hash AND is_cluster = @cluster",
                new { host = host.Value, hash, cluster = isCluster ? 1 : 0 }),
            cancellationToken);
        return row is not null && Enum.TryParse<QuotingWay>(row.Way, out var way) ? _known[key] = new QuotingProof(way, row.PlainMarks) : null;
    }

    /// <summary>Keeps a proof.</summary>
    public async Task KeepAsync(HostId host, string hash, bool isCluster, QuotingProof proof, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            (connection, transaction) => connection.Execute(
                """
                INSERT OR REPLACE INTO quoting_proofs (host, hash, is_cluster, way, plain_marks, proven_at)
                VALUES (@host, @hash, @cluster, @way, @marks, @at)
                """,
                new
                {
                    host = host.Value,
                    hash,
                    cluster = isCluster ? 1 : 0,
                    way = proof.Way.ToString(),
                    marks = proof.PlainMarks,
                    at = time.GetUtcNow().ToUnixTimeMilliseconds(),
                },
                transaction),
            cancellationToken);
        _known[new Key(host, hash, isCluster)] = proof;
    }

    private readonly record struct Key(HostId Host, string Hash, bool IsCluster);

    private sealed record Row
    {
        public string Way { get; init; } = "";

        public string PlainMarks { get; init; } = "";
    }
}
