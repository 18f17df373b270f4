namespace Appliance.Settings;

/// <summary>A file that a person may edit. <c>problems</c> are sentences with the place; while there are any, what was good before is in force.</summary>
internal sealed record EditedFileWire(string Name, bool Ok, IReadOnlyList<string> Problems);
