using System.Collections.Immutable;
using Appliance.Cluster.Storage;

namespace Appliance.Cluster.Settings;

/// <summary>The settings as they are before anything runs: for what is built once, and for refusing to start.</summary>
/// <param name="Values">Environment and file; of a bad file, the last good one.</param>
/// <param name="Problems">The environment keys that cannot be right, a sentence each: a reason not to start. A bad file is none.</param>
public sealed record SettingsStart(SettingValues Values, ImmutableArray<string> Problems)
{
    /// <summary>Reads environment and file, and writes nothing.</summary>
    public static SettingsStart Read(
        IEnumerable<Setting> declared, IEnumerable<SettingsRule> rules, Func<string, string?> readEnvironment, DataDirectory data)
    {
        var layers = new SettingsLayers(declared, rules, readEnvironment);
        var overlay = Load(layers, OperatorFile.OfSettings(data.Settings));
        var together = layers.CheckRules(overlay.Texts).Where(problem => layers.EnvironmentProblems.All(bad => bad.Key != problem.Key));
        return new SettingsStart(layers.Combine(overlay.Texts), [.. layers.EnvironmentProblems.Concat(together).Select(problem => problem.Message)]);
    }

    /// <summary>The file as it is, or what was good of it before.</summary>
    internal static SettingsOverlay Load(SettingsLayers layers, OperatorFile<SettingsFileReading> file)
    {
        if (!file.TryTakeChange(out var content) || content is null)
        {
            return SettingsOverlay.Empty;
        }

        var read = layers.Accept(content);
        return read.IsRefused ? layers.Salvage(file.FindLastGood()).Then(read) : read;
    }
}
