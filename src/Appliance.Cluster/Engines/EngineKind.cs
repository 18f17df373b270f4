namespace Appliance.Cluster.Engines;

/// <summary>The kinds of model server that a lane can run.</summary>
public enum EngineKind
{
    /// <summary>vLLM in the launcher's container, started through <c>launch-cluster.sh</c>.</summary>
    Vllm,
}
