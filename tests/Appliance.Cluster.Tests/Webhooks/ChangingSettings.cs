using System.Collections.Immutable;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Webhooks;

namespace Appliance.Cluster.Tests.Webhooks;

/// <summary>The two settings of the outbox, from the environment unless said otherwise, changed while it runs.</summary>
internal sealed class ChangingSettings : ISettings
{
    private readonly SettingsCell _cell = new(SettingValues.Defaults);

    public SettingValues Current => _cell.Current;

    public Task<SettingValues> WaitForChangeAsync(SettingValues seen, CancellationToken cancellationToken) => _cell.WaitForChangeAsync(seen, cancellationToken);

    public void Set(string? url, string? secret, SettingSource source = SettingSource.Environment)
    {
        var texts = ImmutableDictionary<string, (string, SettingSource)>.Empty;
        texts = url is null ? texts : texts.Add(WebhookSettings.Url.Key, (url, source));
        texts = secret is null ? texts : texts.Add(WebhookSettings.Secret.Key, (secret, source));
        _cell.Replace(new SettingValues(texts));
    }
}
