using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Swaps;

/// <summary>What the hosts said, as the reason why a job ends.</summary>
internal static class SwapFailures
{
    /// <summary>A host could not be used.</summary>
    public static SwapFailure Of(HostFault fault) =>
        new(fault.Kind == HostFaultKind.NotPrepared ? "host_not_prepared" : "host_unreachable", fault.Message, fault.Advice, []);

    /// <summary>A host lacks what a launch needs.</summary>
    public static SwapFailure Of(Diagnosis trouble) => new(trouble.Code, trouble.Message, trouble.Advice, []);

    /// <summary>A newer epoch was seen there: this job does nothing more.</summary>
    public static SwapFailure TakenOver(string host) => new(
        "taken_over",
        $"Another appliance, or a newer copy of this one, has taken over {host}.",
        "Nothing more was changed there. Look at what runs now, and switch one of the two appliances off, before you ask again.",
        []);

    /// <summary>Null when every word that the server is to receive passes through the launcher as it is.</summary>
    public static SwapFailure? OfWords(LaunchPlan plan, LauncherCapabilities launcher, HostDefinition host, SwapTarget target)
    {
        // Not the word itself: it could be a token.
        var index = plan.ServeArguments.ToList().FindIndex(word => !launcher.Quoting.Allows(word));
        return index < 0
            ? null
            : new SwapFailure(
                "quoting_unproven",
                $"The launcher on {host.Name} was not seen to hand words on unchanged, and word {index + 1} of the start command of {target.Name} has special characters.",
                $"Update the launcher there: git pull in {host.LaunchDirectory}. Until then, use only letters, digits and {string.Join(' ', launcher.Quoting.PlainMarks.ToCharArray())} in the recipe's arguments.",
                []);
    }
}
