using Appliance.Cluster.View;

namespace Appliance.View;

internal sealed record AttentionWire(string Title, string Message, string? Advice)
{
    public static AttentionWire From(Attention attention) => new(attention.Title, attention.Message, attention.Advice);
}
