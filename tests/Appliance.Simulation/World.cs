using Appliance.Cluster.Primitives;

namespace Appliance.Simulation;

/// <summary>Two machines and what really runs on them.</summary>
internal sealed class World
{
    private readonly ModelId?[] _containers = new ModelId?[2];
    private readonly bool[] _processes = new bool[2];

    public bool[] Online { get; } = [true, true];

    /// <summary>Whether a container of ours exists on any machine.</summary>
    public bool IsOccupied => _containers.Any(container => container is not null);

    /// <summary>The model whose server process runs on the head; null when none does.</summary>
    public ModelId? Serving => _processes[0] ? _containers[0] : null;

    /// <summary>Whether somebody has waited for the memory since something was stopped.</summary>
    public bool IsMemoryBack { get; set; } = true;

    public bool HasContainer => _containers[0] is not null;

    public void Start(ModelId model) => (_containers[0], _processes[0]) = (model, true);

    /// <summary>Stops everything that can be reached; false when something could not be.</summary>
    public bool StopAll()
    {
        IsMemoryBack &= !IsOccupied;
        for (var host = 0; host < 2; host++)
        {
            if (Online[host])
            {
                (_containers[host], _processes[host]) = (null, false);
            }
        }

        return Online.All(online => online);
    }

    public void Crash() => _processes[0] = false;

    public void StopByHand() => (_containers[0], _processes[0]) = (null, false);
}
