using System.Collections.Immutable;
using System.Security.Cryptography;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Keys;

/// <summary>
/// The keys in force. Looking one up takes the same time for every wrong one (threat T-29) and never waits; making and revoking are stored, with their event,
/// before they count. Thread-safe.
/// </summary>
public sealed class KeyBook : IDisposable
{
    /// <summary>More is a mistake of a script.</summary>
    public const int Most = 100;

    /// <summary>Characters of a name.</summary>
    public const int LongestName = 60;

    private static readonly TimeSpan Coarse = TimeSpan.FromHours(1);

    private readonly KeyStore _store;
    private readonly IEventLog _events;
    private readonly ISettings _settings;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Bell _changed = new();
    private volatile StoredKey[] _keys = [];
    private ImmutableDictionary<KeyId, DateTimeOffset> _unwritten = ImmutableDictionary<KeyId, DateTimeOffset>.Empty;

    internal KeyBook(KeyStore store, IEventLog events, ISettings settings, TimeProvider time) =>
        (_store, _events, _settings, _time) = (store, events, settings, time);

    /// <summary>All keys, oldest first, with their newest use.</summary>
    public ImmutableArray<AccessKey> All => [.. _keys.Select(WithUse)];

    /// <summary>
    /// For what keys are asked now: what the owner set, as soon as there is an admin key. Without one nobody could get in to make one, so nothing is asked.
    /// </summary>
    public KeyDemand Demand => KeySettings.Read(_settings) is var wanted && wanted != KeyDemand.Off && HasAdmin(_keys) ? wanted : KeyDemand.Off;

    /// <summary>Whether the owner wants keys, and none lets anybody in yet.</summary>
    public bool IsWaitingForAdmin => KeySettings.Read(_settings) != KeyDemand.Off && !HasAdmin(_keys);

    /// <summary>Ends when a key was made or revoked. Take it before looking, so that no change falls between.</summary>
    public Task NextChange => _changed.Next;

    /// <summary>The key with this secret, or null. It counts as used.</summary>
    public AccessKey? Find(string? token)
    {
        if (token is null || !token.StartsWith(KeyToken.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        // All are looked at, whichever it is.
        var hash = TokenHash.Of(token);
        AccessKey? found = null;
        foreach (var stored in _keys)
        {
            found = stored.Hash.Equals(hash) ? stored.Key : found;
        }

        if (found is not null)
        {
            NoteUse(found.Id);
        }

        return found;
    }

    /// <summary>The key with this id while it is good, or null. It counts as used.</summary>
    public AccessKey? Find(KeyId id)
    {
        var key = _keys.FirstOrDefault(stored => stored.Key.Id == id)?.Key;
        if (key is not null)
        {
            NoteUse(id);
        }

        return key;
    }

    /// <summary>Whether a key is still good. It does not count as used.</summary>
    public bool IsGood(AccessKey key) => _keys.Any(stored => stored.Key.Id == key.Id);

    /// <summary>Makes a key.</summary>
    public async Task<KeyCreation> CreateAsync(string? name, KeyScope scope, CancellationToken cancellationToken)
    {
        if (OneLine.Clean(name, LongestName + 1) is not { } clean || clean.Length > LongestName)
        {
            return new KeyCreation.BadName();
        }

        await _changing.WaitAsync(cancellationToken);
        try
        {
            var keys = _keys;
            if (keys.FirstOrDefault(stored => stored.Key.Name.Equals(clean, StringComparison.OrdinalIgnoreCase)) is { } taken)
            {
                return new KeyCreation.NameTaken(taken.Key);
            }

            if (keys.Length >= Most)
            {
                return new KeyCreation.TooMany(Most);
            }

            using var random = RandomNumberGenerator.Create();
            var token = KeyToken.New(random);
            var created = new StoredKey(new AccessKey { Id = KeyId.New(random), Name = clean, Scope = scope, CreatedAt = _time.GetUtcNow() }, token.Hash);
            await _events.AppendAsync(
                KeyEvents.Created(created.Key), (connection, transaction) => KeyStore.WriteNew(connection, transaction, created), cancellationToken);
            _keys = [.. keys, created];
            _changed.Ring();
            return new KeyCreation.Created(created.Key, token);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Revokes a key: from now on it is good for nothing.</summary>
    public async Task<KeyRevocation> RevokeAsync(KeyId id, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var keys = _keys;
            if (keys.FirstOrDefault(stored => stored.Key.Id == id) is not { } revoked)
            {
                return new KeyRevocation.Unknown();
            }

            StoredKey[] left = [.. keys.Where(stored => stored != revoked)];
            if (Demand != KeyDemand.Off && !HasAdmin(left))
            {
                return new KeyRevocation.LastAdmin(revoked.Key);
            }

            await _events.AppendAsync(
                KeyEvents.Revoked(revoked.Key, _time.GetUtcNow()), (connection, transaction) => KeyStore.WriteRevoked(connection, transaction, id), cancellationToken);
            _keys = left;
            _changed.Ring();
            return new KeyRevocation.Revoked(revoked.Key);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changing.Dispose();

    internal async Task LoadAsync(CancellationToken cancellationToken) => _keys = [.. await _store.ReadAsync(cancellationToken)];

    /// <summary>Writes down the uses since the last time; what cannot be written is shown until the next restart.</summary>
    internal async Task WriteUsesAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _unwritten).IsEmpty)
        {
            return;
        }

        await _changing.WaitAsync(cancellationToken);
        try
        {
            var uses = Interlocked.Exchange(ref _unwritten, ImmutableDictionary<KeyId, DateTimeOffset>.Empty);
            StoredKey[] used = [.. _keys.Select(stored => uses.TryGetValue(stored.Key.Id, out var at) ? stored with { Key = stored.Key with { LastUsedAt = at } } : stored)];
            _keys = used;
            await _store.WriteUsesAsync([.. used.Where(stored => uses.ContainsKey(stored.Key.Id)).Select(stored => stored.Key)], cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    private static bool HasAdmin(IEnumerable<StoredKey> keys) => keys.Any(stored => stored.Key.Scope == KeyScope.Admin);

    private AccessKey WithUse(StoredKey stored) =>
        Volatile.Read(ref _unwritten).TryGetValue(stored.Key.Id, out var at) ? stored.Key with { LastUsedAt = at } : stored.Key;

    /// <summary>To the hour, so that a busy key costs one comparison per use.</summary>
    private void NoteUse(KeyId id)
    {
        var now = _time.GetUtcNow();
        var hour = new DateTimeOffset(now.Ticks - (now.Ticks % Coarse.Ticks), TimeSpan.Zero);
        if (!Volatile.Read(ref _unwritten).TryGetValue(id, out var noted) || noted != hour)
        {
            ImmutableInterlocked.AddOrUpdate(ref _unwritten, id, hour, (_, _) => hour);
        }
    }
}
