using System.Text.Json.Serialization;
using Appliance.Events;
using Appliance.Health;
using Appliance.Keys;
using Appliance.Metrics;
using Appliance.Models;
using Appliance.Problems;
using Appliance.Reservations;
using Appliance.Routing;
using Appliance.Settings;
using Appliance.Schedules;
using Appliance.Setup;
using Appliance.Swaps;
using Appliance.View;
using Appliance.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace Appliance.Wire;

/// <summary>Everything that goes over the wire as JSON, in snake case. What is not known is absent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AliasErrorWire[]))]
[JsonSerializable(typeof(ConnectionTestWire))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(EventHistoryWire))]
[JsonSerializable(typeof(EventWire))]
[JsonSerializable(typeof(EndpointsWire))]
[JsonSerializable(typeof(HealthWire))]
[JsonSerializable(typeof(HostsWire))]
[JsonSerializable(typeof(KeyAskWire))]
[JsonSerializable(typeof(KeysWire))]
[JsonSerializable(typeof(KeyWire))]
[JsonSerializable(typeof(LockAskWire))]
[JsonSerializable(typeof(LockReleaseWire))]
[JsonSerializable(typeof(LockWire))]
[JsonSerializable(typeof(MetricsWire))]
[JsonSerializable(typeof(ModelsWire))]
[JsonSerializable(typeof(NewKeyWire))]
[JsonSerializable(typeof(OpenAiError))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(PublicKeyWire))]
[JsonSerializable(typeof(ReadinessWire))]
[JsonSerializable(typeof(ReloadWire))]
[JsonSerializable(typeof(RequestsWire))]
[JsonSerializable(typeof(FieldErrorWire[]))]
[JsonSerializable(typeof(ScheduleAskWire))]
[JsonSerializable(typeof(ScheduleWire))]
[JsonSerializable(typeof(SchedulesWire))]
[JsonSerializable(typeof(ServicesWire))]
[JsonSerializable(typeof(SettingErrorWire[]))]
[JsonSerializable(typeof(SettingsWire))]
[JsonSerializable(typeof(StatusWire))]
[JsonSerializable(typeof(StopAskWire))]
[JsonSerializable(typeof(SwapAcceptedWire))]
[JsonSerializable(typeof(SwapAskWire))]
[JsonSerializable(typeof(SwapLineWire))]
[JsonSerializable(typeof(SwapListWire))]
[JsonSerializable(typeof(SwapLogWire))]
[JsonSerializable(typeof(SwapPlanWire))]
[JsonSerializable(typeof(SwapProgressWire))]
[JsonSerializable(typeof(OfferWire[]))]
[JsonSerializable(typeof(SwapWire))]
[JsonSerializable(typeof(TrustAskWire))]
[JsonSerializable(typeof(TrustedWire))]
[JsonSerializable(typeof(WebhookWire))]
[JsonSerializable(typeof(WebhooksWire))]
internal sealed partial class WireJson : JsonSerializerContext;
