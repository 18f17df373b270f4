namespace Appliance.Cluster.Health;

/// <summary>A model server's counters at one moment. A counter that sinks was reset by a restart.</summary>
/// <param name="Running">Requests in work.</param>
/// <param name="Waiting">Requests that wait for a place.</param>
/// <param name="GeneratedTokens">Tokens produced since the server started.</param>
/// <param name="PromptTokens">Tokens read since the server started.</param>
/// <param name="FirstTokenSeconds">Sum of all times to first token, in seconds.</param>
/// <param name="FirstTokenCount">How many times that sum holds.</param>
public sealed record ServerCounters(int Running, int Waiting, double GeneratedTokens, double PromptTokens, double FirstTokenSeconds, double FirstTokenCount);
