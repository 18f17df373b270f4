namespace Appliance.Swaps;

/// <summary>One line of the receipt before the click.</summary>
/// <param name="Strong">The part that is read first; may be empty.</param>
/// <param name="Rest">The rest of the line.</param>
public sealed record ReceiptLine(string Strong, string Rest);
