namespace Appliance.Cluster.Engines;

/// <summary>
/// What was seen of a launcher: how many layers of quoting it takes away depends on its version, and what is not proven is not relied on (threat T-02).
/// </summary>
/// <param name="Way">The way that was seen to work.</param>
/// <param name="PlainMarks">The marks beside letters and digits that arrive in any case. Used when <paramref name="Way"/> is unproven.</param>
public sealed record QuotingProof(QuotingWay Way, string PlainMarks = QuotingProof.UsualPlainMarks)
{
    /// <summary>Marks that mean nothing to a shell, at any depth of quoting.</summary>
    public const string UsualPlainMarks = "._/:=,@%+-";

    /// <summary>The launcher escapes words itself: what is taken for granted where a plan is only shown.</summary>
    public static QuotingProof Intact { get; } = new(QuotingWay.AsTheyAre);

    /// <summary>Whether the word arrives as it is.</summary>
    public bool Allows(string word) => Way != QuotingWay.Unproven || IsPlain(word, PlainMarks);

    /// <summary>The word as it is given to the launcher.</summary>
    public string Protect(string word) => Way == QuotingWay.Quoted && !IsPlain(word, UsualPlainMarks) ? Quote(word) : word;

    internal static string Quote(string word) => $"'{word.Replace("'", @"'\''")}'";

    private static bool IsPlain(string word, string marks) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || marks.Contains(c));
}
