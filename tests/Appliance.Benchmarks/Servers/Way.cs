namespace Appliance.Benchmarks.Servers;

/// <summary>One way to the model server.</summary>
/// <param name="Name">As the tables call it.</param>
/// <param name="Address">Where requests go.</param>
/// <param name="Use">What the server in the middle uses; for the direct way the model server.</param>
internal sealed record Way(string Name, Uri Address, ProcessUse Use);
