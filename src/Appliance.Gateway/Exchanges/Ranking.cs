namespace Appliance.Gateway.Exchanges;

/// <summary>What came out, all parts together.</summary>
/// <param name="Model">Who ranked.</param>
/// <param name="Scores">Position of the text and its score, best first, equal scores in the order of the texts.</param>
/// <param name="Kind"><c>sigmoid</c> or <c>logit</c>.</param>
/// <param name="PromptTokens">Tokens read; 0 when nobody says.</param>
/// <param name="TotalTokens">The same, all told.</param>
internal sealed record Ranking(string Model, (int Index, double Score)[] Scores, string Kind, long PromptTokens, long TotalTokens);
