namespace Appliance.Cluster.Swaps;

/// <summary>What the engine's loop does besides serving commands: remembers, compares and brings the home model back. Used by that loop only.</summary>
internal sealed class LaneUpkeep(LaneLedger ledger, StartLedger starts, LaneReconciler reconciler, HomeKeeper home)
{
    /// <summary>Reads what the last life knew.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await ledger.LoadAsync(cancellationToken);
        await starts.LoadAsync(cancellationToken);
    }

    /// <summary>Once a second.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await reconciler.LookAsync(cancellationToken);
        await home.LookAsync(cancellationToken);
        await starts.KeepAsync(cancellationToken);
    }
}
