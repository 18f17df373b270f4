namespace Appliance.Cluster.Routing;

/// <summary>What is wrong with a wish for aliases.</summary>
/// <param name="Alias">The alias, as it was written.</param>
/// <param name="Message">One sentence for the owner.</param>
public sealed record AliasProblem(string Alias, string Message);
