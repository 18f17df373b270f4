namespace Appliance.Cluster.Engines;

/// <summary>The phases of a model server's start, in order.</summary>
public enum StartupPhase
{
    /// <summary>The container is being made; the server has not written anything.</summary>
    Container,

    /// <summary>The server reads its configuration and starts its processes.</summary>
    Starting,

    /// <summary>The weights are read from disk.</summary>
    Weights,

    /// <summary>Kernels are compiled and memory is profiled.</summary>
    Compiling,

    /// <summary>CUDA graphs are captured.</summary>
    Graphs,

    /// <summary>The HTTP server opens its port.</summary>
    Opening,
}
