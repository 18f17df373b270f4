using System.Globalization;
using System.Text.Json;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Health;

/// <summary>Reads the answer to <c>docker inspect --format {{json .State}} NAME</c>. Pure; any input is accepted.</summary>
internal static class ContainerStateReader
{
    private const int ComplaintLimit = 200;

    public static ContainerLook Read(ShellOutcome outcome) => outcome switch
    {
        ShellOutcome.Completed { ExitCode: 0 } completed => TryParse(completed.Output) is { } state
            ? new ContainerLook.Seen(state)
            : new ContainerLook.Unclear("docker gave an answer that is not understood"),
        ShellOutcome.Completed completed when IsMissing(completed.Errors) => new ContainerLook.Gone(),
        ShellOutcome.Completed completed => new ContainerLook.Unclear(Complaint(completed)),
        _ => new ContainerLook.HostFailed(outcome.Problem!),
    };

    private static bool IsMissing(string errors) =>
        errors.Contains("No such container", StringComparison.OrdinalIgnoreCase) || errors.Contains("No such object", StringComparison.OrdinalIgnoreCase);

    private static string Complaint(ShellOutcome.Completed completed)
    {
        var line = OneLine(completed.Errors);
        return line is null ? $"docker ended with exit code {completed.ExitCode}" : $"docker says: {line}";
    }

    private static ContainerState? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var outer = document.RootElement;
            if (outer.ValueKind == JsonValueKind.Array && outer.GetArrayLength() == 1)
            {
                outer = outer[0];
            }

            // Asked without a format, docker wraps the state, and the restart count stands beside it.
            var state = ForeignJson.TryFind(outer, "State") is { ValueKind: JsonValueKind.Object } inner ? inner : outer;
            return ForeignJson.TryText(state, "Status") is { Length: > 0 } status ? Read(status, state, outer) : null;
        }
        catch (JsonException)
        {
            // The caller says "not understood".
            return null;
        }
    }

    private static ContainerState Read(string status, JsonElement state, JsonElement outer) => new()
    {
        Status = status,
        ExitCode = Number(state, "ExitCode") ?? 0,
        IsOutOfMemory = ForeignJson.TryFind(state, "OOMKilled") is { ValueKind: JsonValueKind.True },
        Error = OneLine(ForeignJson.TryText(state, "Error")),
        StartedAt = Time(state, "StartedAt"),
        FinishedAt = status == "running" ? null : Time(state, "FinishedAt"),
        RestartCount = Number(state, "RestartCount") ?? Number(outer, "RestartCount"),
        Health = ForeignJson.TryFind(state, "Health") is { } health ? ForeignJson.TryText(health, "Status") : null,
    };

    private static int? Number(JsonElement element, string name) =>
        ForeignJson.TryFind(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(ForeignJson.TryText(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;

    private static string? OneLine(string? text)
    {
        var line = text?.Split('\n').Select(LogText.Plain).FirstOrDefault(one => one.Length > 0);
        return line is { Length: > ComplaintLimit } ? line[..ComplaintLimit] : line;
    }
}
