namespace Appliance.Playground;

internal sealed record ChatRequestJson(string Model, bool Stream, IReadOnlyList<ChatRequestJson.Message> Messages)
{
    internal sealed record Message(string Role, string Content);
}
