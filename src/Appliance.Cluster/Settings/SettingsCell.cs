namespace Appliance.Cluster.Settings;

/// <summary>The values in force, and the bell that rings when others take their place. Thread-safe.</summary>
internal sealed class SettingsCell(SettingValues first)
{
    private readonly Lock _gate = new();
    private SettingValues _current = first;
    private TaskCompletionSource _changed = NewBell();

    public SettingValues Current => Volatile.Read(ref _current);

    public void Replace(SettingValues values)
    {
        TaskCompletionSource bell;
        lock (_gate)
        {
            Volatile.Write(ref _current, values);
            bell = _changed;
            _changed = NewBell();
        }

        bell.SetResult();
    }

    public async Task<SettingValues> WaitForChangeAsync(SettingValues seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task bell;
            lock (_gate)
            {
                if (!ReferenceEquals(_current, seen))
                {
                    return _current;
                }

                bell = _changed.Task;
            }

            await bell.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
