using Appliance.Cluster.Settings;

namespace Appliance.Settings;

/// <summary>Settings in words. Pure.</summary>
public static class SettingWords
{
    public const string On = "on";
    public const string Off = "off";

    /// <summary>What a field shows of a value; nothing of a secret.</summary>
    public static string InField(Setting setting, SettingValues values)
    {
        if (setting.IsSecret)
        {
            return "";
        }

        var text = values.FindText(setting) ?? (values.SourceOf(setting) == SettingSource.Default ? setting.DefaultText ?? "" : "");
        return (setting, text) switch
        {
            (_, "") => "",
            (SwitchSetting isOn, _) => isOn.Read(text) ? On : Off,
            (ChoiceSetting choice, _) => choice.Read(text),
            _ => text,
        };
    }

    /// <summary>A section's id in the page, for links to it: <c>messages-to-programs</c>.</summary>
    public static string Anchor(string section) => section.ToLowerInvariant().Replace(' ', '-');

    /// <summary>Where a value comes from and, when <paramref name="saysWhen"/>, from when on a change counts. One that waits for the next start always says so.</summary>
    public static string Facts(SettingLine line, bool saysWhen)
    {
        var source = line.Source switch
        {
            SettingSource.Default => null,
            SettingSource.Environment => $"From the environment ({line.Setting.Key}).",
            SettingSource.File => "Set here.",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var restart = (line.WaitsForRestart, line.Setting.NeedsRestart) switch
        {
            (true, _) => "Waits for the next start of the appliance.",
            (_, true) when saysWhen => "Counts from the next start.",
            _ => null,
        };
        return string.Join(' ', new[] { source, restart }.OfType<string>());
    }

    /// <summary>What "put back" would bring, for the button's name.</summary>
    public static string PutBack(SettingLine line) => (line.Setting.IsSecret, line.UnderneathSource, line.Underneath) switch
    {
        (true, SettingSource.Environment, _) => "Use the environment's",
        (_, _, "") => "Clear",
        (_, _, var text) => $"Put back to {text}",
    };

    /// <summary>The range of a number, to stand behind the help; null for other kinds.</summary>
    public static string? Range(Setting setting) => setting.Range is { } range ? $"From {range.Least} to {range.Most}." : null;

    /// <summary>A problem as it stands below its field, where the key need not be named.</summary>
    public static string AtField(SettingProblem problem)
    {
        var text = problem.Message.Replace($"{problem.Key}=", "", StringComparison.Ordinal);
        if (text.StartsWith($"{problem.Key} is needed", StringComparison.Ordinal))
        {
            return $"Is{text[(problem.Key.Length + 3)..]}";
        }

        return text.StartsWith($"{problem.Key} is ", StringComparison.Ordinal) ? $"Has to be{text[(problem.Key.Length + 3)..]}" : text;
    }

    /// <summary>How many changes wait to be saved.</summary>
    public static string Count(int changes) => changes == 1 ? "1 change is not saved" : $"{changes} changes are not saved";
}
