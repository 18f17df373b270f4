using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>Writes down which models are wanted and how long the wishes outlived their callers; answers what the test says.</summary>
internal sealed class RecordedWishes : IModelWishes
{
    private readonly Lock _gate = new();
    private readonly List<ModelId> _wanted = [];
    private readonly List<TimeSpan> _left = [];

    /// <summary>Called with every wish, before it is answered; a refusal in its place, or null to join.</summary>
    public Func<ModelId, WishOutcome.Refused?> OnWish { get; set; } = _ => null;

    public IReadOnlyList<ModelId> Wanted
    {
        get
        {
            lock (_gate)
            {
                return [.. _wanted];
            }
        }
    }

    /// <summary>For every wish that ended, the time that it was to outlive its caller.</summary>
    public IReadOnlyList<TimeSpan> Left
    {
        get
        {
            lock (_gate)
            {
                return [.. _left];
            }
        }
    }

    public Task<WishOutcome> WantAsync(ModelId model, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _wanted.Add(model);
        }

        return Task.FromResult<WishOutcome>(OnWish(model) is { } refused ? refused : new WishOutcome.Joined(new ModelInterest(Leave)));
    }

    private void Leave(TimeSpan stays)
    {
        lock (_gate)
        {
            _left.Add(stays);
        }
    }
}
