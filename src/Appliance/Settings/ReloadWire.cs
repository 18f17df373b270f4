namespace Appliance.Settings;

/// <summary>What a look at the edited files found, and the settings that wait for the next start.</summary>
internal sealed record ReloadWire(IReadOnlyList<EditedFileWire> Files, IReadOnlyList<string> RestartPending);
