namespace Appliance.Schedules;

/// <summary>What is wrong with one field.</summary>
internal sealed record FieldErrorWire(string Field, string Message);
