namespace Appliance.Cluster.Shell;

/// <summary>Why a host could not be used, with a sentence for the owner.</summary>
/// <param name="Kind">The class of fault; decides what is retried and what is asked of a person.</param>
/// <param name="Message">One plain sentence, with the host's name and no secrets.</param>
/// <param name="Advice">What the owner can do; null when there is nothing to add.</param>
public sealed record HostFault(HostFaultKind Kind, string Message, string? Advice = null);
