namespace Appliance.View;

/// <summary>Whether somebody reserved the lane.</summary>
internal sealed record LockWire(bool Held)
{
    public static LockWire Free { get; } = new(Held: false);
}
