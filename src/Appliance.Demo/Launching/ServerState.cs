namespace Appliance.Demo.Launching;

/// <summary>Where a simulated model server is.</summary>
internal enum ServerState
{
    Loading,
    Serving,
    Ended,
}
