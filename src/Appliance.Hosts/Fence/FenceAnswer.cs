using System.Globalization;
using Appliance.Cluster.Shell;

namespace Appliance.Hosts.Fence;

/// <summary>What <c>fence.sh</c> said: a first line of words, and for an ended run its output.</summary>
internal sealed class FenceAnswer
{
    private readonly string[] _words;
    private readonly ShellOutcome.Completed _rest;

    private FenceAnswer(string[] words, ShellOutcome.Completed rest) => (_words, _rest) = (words, rest);

    /// <summary>Reads an answer; <paramref name="limit"/> is the limit of the run's output, per stream.</summary>
    public static FenceAnswer Read(ShellOutcome.Completed answer, int limit)
    {
        var end = answer.Output.IndexOf('\n');
        var first = end < 0 ? answer.Output : answer.Output[..end];
        var words = answer.ExitCode == 0 && first.StartsWith("fence ", StringComparison.Ordinal) ? first.Split(' ')[1..] : [];
        if (words is not ["ended", var code, var output, var errors] || Number(code) is not { } exit || Number(output) is not { } outputLength || Number(errors) is not { } errorLength)
        {
            return new FenceAnswer(words, answer);
        }

        return new FenceAnswer(words, new ShellOutcome.Completed((int)exit, Cut(answer.Output[(end + 1)..], outputLength > limit), Cut(answer.Errors, errorLength > limit))
        {
            IsTruncated = outputLength > limit || errorLength > limit,
        });
    }

    /// <summary>As the outcome of a command that was to run.</summary>
    public ShellOutcome ToOutcome(string host) => _words switch
    {
        ["ended", ..] => _rest,
        ["refused", var epoch] when Number(epoch) is { } newest => new ShellOutcome.Refused(newest),
        ["fault", ..] => new ShellOutcome.NotStarted(Fault(host)),
        ["lost"] => new ShellOutcome.Unknown(new HostFault(
            HostFaultKind.ConnectionLost,
            $"What was begun on {host} ended without a record.",
            "The machine was restarted, or the work was ended there. It is looked at again before anything else is done.")),
        _ => new ShellOutcome.Unknown(Strange(host)),
    };

    /// <summary>As the answer to a look at a run.</summary>
    public RunLook ToLook(string host) => _words switch
    {
        ["never"] => new RunLook.Never(),
        ["running"] => new RunLook.Running(),
        ["ended", ..] => new RunLook.Ended(_rest),
        ["lost"] => new RunLook.Lost(),
        ["fault", ..] => new RunLook.NotKnown(Fault(host)),
        _ => new RunLook.NotKnown(Strange(host)),
    };

    /// <summary>As the answer to the question for an epoch.</summary>
    public EpochLook ToEpoch(string host) => _words switch
    {
        ["epoch", var epoch] when Number(epoch) is { } seen => new EpochLook.Seen(seen),
        ["fault", ..] => new EpochLook.NotKnown(Fault(host)),
        _ => new EpochLook.NotKnown(Strange(host)),
    };

    private HostFault Fault(string host) => _words switch
    {
        [_, "missing", var program] => new(
            HostFaultKind.NotPrepared,
            $"{host} has no {program}, without which nothing can be changed there safely.",
            "It is part of the package util-linux: install that there, for example with sudo apt install util-linux."),
        [_, "damaged", .. var path] => new(
            HostFaultKind.NotPrepared,
            $"The file in which {host} remembers who may change it is damaged.",
            $"Look at {string.Join(' ', path)} there, and remove it if no other appliance uses this machine."),
        [_, "state", .. var path] => new(
            HostFaultKind.NotPrepared,
            $"{host} has no room for the appliance's own notes: {string.Join(' ', path)} cannot be written.",
            "Check that the disk is not full and that the folder belongs to the login user."),
        [_, "busy"] => new(
            HostFaultKind.Overloaded,
            $"Another change is still at work on {host} and could not be ended.",
            "Wait some minutes and try again; if it stays so, restart Docker or the machine."),
        _ => Strange(host),
    };

    private static HostFault Strange(string host) => new(
        HostFaultKind.UnexpectedShell,
        $"{host} did not understand our request to run something safely.",
        "Its /bin/sh may not be a usual one; look at what `sh --version` and `ls -l /bin/sh` say there.");

    // A character that the limit cut in two was read as the replacement character.
    private static string Cut(string text, bool isCut) => isCut ? text.TrimEnd('\ufffd') : text;

    private static long? Number(string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
