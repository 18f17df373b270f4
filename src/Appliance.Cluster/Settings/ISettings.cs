namespace Appliance.Cluster.Settings;

/// <summary>The settings in force. Read them where they are used and do not keep them: a person may change them at any time. Thread-safe.</summary>
public interface ISettings
{
    /// <summary>All values at this moment: two reads of one value belong together.</summary>
    SettingValues Current { get; }

    /// <summary>One value, now.</summary>
    T Get<T>(Setting<T> setting) => Current.Get(setting);

    /// <summary>
    /// Completes with the values in force as soon as they are others than <paramref name="seen"/>; at once when they already are, so no change is missed
    /// between reading and waiting.
    /// </summary>
    Task<SettingValues> WaitForChangeAsync(SettingValues seen, CancellationToken cancellationToken);
}
