using System.Text.Json;

namespace Appliance.Tests.Running;

public sealed record StreamItem(long Id, string Type, JsonElement Data);
