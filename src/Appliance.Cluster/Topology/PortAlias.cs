namespace Appliance.Cluster.Topology;

/// <summary>A fixed name for whatever answers at a port of the home, as the owner's programs have it written down.</summary>
/// <param name="Name">The name, lower case.</param>
/// <param name="Port">The port of a lane or service.</param>
public sealed record PortAlias(string Name, int Port)
{
    /// <summary>How a fixed alias stands in the list of aliases, in the place of models.</summary>
    public static string TextOf(int port) => $"port:{port}";
}
