namespace Appliance.Cluster.Engines;

/// <summary>What a host says about Docker and the launcher there.</summary>
/// <param name="DockerTrouble">Why Docker cannot be used; null when it can.</param>
/// <param name="LauncherTrouble">Why the launcher cannot be used; null when it can. It matters only on the head of a lane.</param>
/// <param name="Capabilities">What the launcher can do; null exactly when it cannot be used.</param>
public sealed record LauncherLook(Diagnosis? DockerTrouble, Diagnosis? LauncherTrouble, LauncherCapabilities? Capabilities);
