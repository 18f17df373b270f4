using System.Text.Json.Serialization;

namespace Appliance.Cluster.Webhooks;

/// <summary>Why a job did not bring about what was asked, in a message. Thin on purpose: the log is read from the appliance.</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Advice">What to do about it; null when there is nothing to add.</param>
internal sealed record WebhookError(string Code, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Advice = null);
