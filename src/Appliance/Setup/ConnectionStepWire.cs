namespace Appliance.Setup;

/// <summary>One step of a connection test.</summary>
/// <param name="Step">What was tried.</param>
/// <param name="Ok">Whether it worked; false also for a step that was not tried because an earlier one failed.</param>
/// <param name="Message">What was seen, in a sentence.</param>
/// <param name="Advice">What the owner can do.</param>
internal sealed record ConnectionStepWire(ConnectionStep Step, bool Ok, string Message, string? Advice = null);
