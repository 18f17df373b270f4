namespace Appliance.Cluster.Settings;

/// <summary>The files that a person edits, by what they are written in.</summary>
internal static class OperatorFile
{
    public static OperatorFile<YamlReading> OfYaml(string path) =>
        new(path, GuardedYaml.MaxBytes, bytes => GuardedYaml.Read(bytes.Span), sentence => new YamlReading(null, [YamlPlace.Start.Say(sentence)]));

    public static OperatorFile<SettingsFileReading> OfSettings(string path) =>
        new(path, SettingsFile.MaxBytes, bytes => SettingsFile.Read(bytes.Span), sentence => SettingsFileReading.Refuse(YamlPlace.Start, sentence));
}
