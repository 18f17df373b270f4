using Appliance.Cluster.Metrics;
using Appliance.Ui;

namespace Appliance.Metrics;

/// <summary>What became of a request, as a person would say it. Pure.</summary>
internal static class FaultWords
{
    public static string Of(RequestFault fault) => fault switch
    {
        RequestFault.None => "Answered",
        RequestFault.BadRequest => "The program sent something that cannot be understood",
        RequestFault.NotAllowed => "The key was missing or not good for this",
        RequestFault.UnknownModel => "There is no such model here",
        RequestFault.CallerLeftWaiting => "The program left before the answer began",
        RequestFault.CallerLeftReading => "The program left in the middle of the answer",
        RequestFault.ModelLoading => "The model was still loading",
        RequestFault.ModelDown => "No model answers",
        RequestFault.CutBySwap => "The model was changed before the answer was whole",
        RequestFault.TooBusy => "Too many requests at once",
        RequestFault.UpstreamUnreachable => "The model server takes no connections",
        RequestFault.UpstreamSilent => "The model server did not answer in time",
        RequestFault.UpstreamBroke => "The model server hung up before it answered",
        RequestFault.UpstreamRefused => "The model server refused it",
        RequestFault.UpstreamFailed => "The model server failed",
        RequestFault.UpstreamCut => "The model server broke off in the middle of the answer",
        RequestFault.Internal => "A mistake inside the appliance; its log knows more",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Tone ToneOf(RequestFault fault) => fault switch
    {
        RequestFault.None => Tone.Ok,
        RequestFault.CallerLeftWaiting or RequestFault.CallerLeftReading => Tone.Off,
        RequestFault.BadRequest or RequestFault.NotAllowed or RequestFault.UnknownModel or RequestFault.ModelLoading or RequestFault.TooBusy => Tone.Warm,
        _ => Tone.Bad,
    };
}
