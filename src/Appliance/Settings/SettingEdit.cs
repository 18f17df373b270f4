using System.Collections.Immutable;
using Appliance.Cluster.Settings;

namespace Appliance.Settings;

/// <summary>What a person did to one field.</summary>
public abstract record SettingEdit
{
    private SettingEdit()
    {
    }

    /// <summary>Typed or chose something; an empty text means "not set".</summary>
    public sealed record Typed(string Text) : SettingEdit;

    /// <summary>Back to environment and default.</summary>
    public sealed record PutBack : SettingEdit;

    /// <summary>As if the field had not been touched.</summary>
    public sealed record Forget : SettingEdit;

    public ImmutableDictionary<string, string?> ApplyTo(ImmutableDictionary<string, string?> draft, Setting setting) => this switch
    {
        Typed typed => draft.SetItem(setting.Key, typed.Text),
        PutBack => draft.SetItem(setting.Key, null),
        Forget => draft.Remove(setting.Key),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
