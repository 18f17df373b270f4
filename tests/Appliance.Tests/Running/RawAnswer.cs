namespace Appliance.Tests.Running;

/// <summary>An answer as it came; status 0 means that the connection was closed without one.</summary>
public sealed record RawAnswer(int Status, string Head, string Body)
{
    public string? Header(string name) =>
        Head.Split("\r\n").FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
