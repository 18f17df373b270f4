using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Keys;

/// <summary>The durable list of keys. Thread-safe.</summary>
internal sealed class KeyStore(Database database)
{
    public async Task<ImmutableArray<StoredKey>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.Query<Row>(
                "SELECT id AS Id, name AS Name, scope AS Scope, token_sha256 AS Token, created_at AS CreatedAt, last_used_at AS LastUsedAt FROM access_keys ORDER BY created_at, id").ToArray(),
            cancellationToken);
        return [.. rows.Select(row => row.ToKey())];
    }

    /// <summary>Keeps a new key, in somebody's transaction.</summary>
    public static void WriteNew(SqliteConnection connection, SqliteTransaction transaction, StoredKey key) => connection.Execute(
        "INSERT INTO access_keys (id, name, scope, token_sha256, created_at) VALUES (@Id, @Name, @Scope, @Token, @CreatedAt)",
        new
        {
            Id = key.Key.Id.Value,
            key.Key.Name,
            Scope = Word(key.Key.Scope),
            Token = key.Hash.ToStored(),
            CreatedAt = key.Key.CreatedAt.ToUnixTimeMilliseconds(),
        },
        transaction);

    /// <summary>Forgets a key, in somebody's transaction.</summary>
    public static void WriteRevoked(SqliteConnection connection, SqliteTransaction transaction, KeyId id) =>
        connection.Execute("DELETE FROM access_keys WHERE id = @id", new { id = id.Value }, transaction);

    public Task WriteUsesAsync(ImmutableArray<AccessKey> keys, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            "UPDATE access_keys SET last_used_at = @At WHERE id = @Id",
            keys.Select(key => new { Id = key.Id.Value, At = key.LastUsedAt?.ToUnixTimeMilliseconds() }),
            transaction),
        cancellationToken);

    private static string Word(KeyScope scope) => scope switch
    {
        KeyScope.Use => "use",
        KeyScope.Swap => "swap",
        KeyScope.Admin => "admin",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private sealed record Row(string Id, string Name, string Scope, byte[] Token, long CreatedAt, long? LastUsedAt)
    {
        public StoredKey ToKey() => new(
            new AccessKey
            {
                Id = KeyId.Parse(Id),
                Name = Name,
                Scope = Enum.Parse<KeyScope>(Scope, ignoreCase: true),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                LastUsedAt = LastUsedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            },
            TokenHash.Stored(Token));
    }
}
