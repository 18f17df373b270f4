using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Settings;

/// <summary>The values in force, and the bell that rings when others take their place. Thread-safe.</summary>
internal sealed class SettingsCell(SettingValues first)
{
    private readonly Bell _changed = new();
    private SettingValues _current = first;

    public SettingValues Current => Volatile.Read(ref _current);

    public void Replace(SettingValues values)
    {
        Volatile.Write(ref _current, values);
        _changed.Ring();
    }

    public async Task<SettingValues> WaitForChangeAsync(SettingValues seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = _changed.Next;
            var current = Current;
            if (!ReferenceEquals(current, seen))
            {
                return current;
            }

            await change.WaitAsync(cancellationToken);
        }
    }
}
