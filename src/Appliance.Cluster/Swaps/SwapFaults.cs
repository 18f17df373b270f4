namespace Appliance.Cluster.Swaps;

/// <summary>What the machine hears when an effect ends with a bug: every job must still end.</summary>
internal static class SwapFaults
{
    /// <summary>The input that lets the job end or roll back from the state in which that effect runs.</summary>
    public static SwapInput? Internal(SwapEffect effect)
    {
        var failure = new SwapFailure("internal_error", "Something unexpected happened inside the appliance.", "The appliance's own log names it.", []);
        return effect switch
        {
            SwapEffect.CheckFirst => new SwapInput.PreflightFailed(failure),
            SwapEffect.Drain => new SwapInput.Drained(),
            SwapEffect.KeepLog => new SwapInput.LogKept(),
            SwapEffect.StopServers => new SwapInput.NotGone(failure),
            SwapEffect.AwaitMemory => new SwapInput.MemoryBack(null),
            SwapEffect.Launch or SwapEffect.FindLaunched or SwapEffect.AwaitServer => new SwapInput.StartFailed(failure),
            _ => null,
        };
    }
}
