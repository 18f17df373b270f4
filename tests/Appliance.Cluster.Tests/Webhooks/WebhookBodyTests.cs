using System.Text;
using System.Text.Json;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Given;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

public sealed class WebhookBodyTests
{
    [Fact]
    public void Finished_change_has_exactly_the_fields_of_the_contract()
    {
        var job = Given.Swap(SwapState.Live) with { Epoch = 7, From = ModelId.Of(RepoId.Parse("Qwen/Qwen3.6-35B")) };

        var entry = WebhookBody.Of(job);

        using var body = JsonDocument.Parse(entry.Body);
        body.RootElement.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["event", "id", "job_id", "model", "served_name", "from_model", "requested_by", "epoch", "started_at", "ended_at"]);
        body.RootElement.GetProperty("event").GetString().ShouldBe("swap_complete");
        body.RootElement.GetProperty("id").GetString().ShouldBe("msg-swap-1");
        body.RootElement.GetProperty("model").GetString().ShouldBe("google--gemma-4-26b");
        body.RootElement.GetProperty("from_model").GetString().ShouldBe("qwen--qwen3.6-35b");
        body.RootElement.GetProperty("epoch").GetInt64().ShouldBe(7);
        body.RootElement.GetProperty("ended_at").GetDateTimeOffset().ShouldBe(job.EndedAt!.Value);
        entry.State.ShouldBe(WebhookState.Pending);
    }

    [Theory]
    [InlineData(SwapState.Failed)]
    [InlineData(SwapState.RolledBack)]
    [InlineData(SwapState.Cancelled)]
    public void Every_other_end_is_a_failure_with_a_cause_and_no_log(SwapState state)
    {
        var failure = new SwapFailure("out_of_memory", "It is too large.", "Take a smaller one.", ["what Alice said"]);

        using var body = JsonDocument.Parse(WebhookBody.Of(Given.Swap(state) with { Failure = failure }).Body);

        body.RootElement.GetProperty("event").GetString().ShouldBe("swap_failed");
        body.RootElement.GetProperty("error").GetRawText().ShouldBe("""{"code":"out_of_memory","message":"It is too large.","advice":"Take a smaller one."}""");
        body.RootElement.GetRawText().ShouldNotContain("Alice");
    }

    [Fact]
    public void Cancel_before_anything_was_touched_has_a_cause_too()
    {
        using var body = JsonDocument.Parse(WebhookBody.Of(Given.Swap(SwapState.Cancelled) with { Failure = null }).Body);

        body.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public void Stop_is_complete_with_no_model()
    {
        var job = Given.Swap(SwapState.Live) with { Kind = SwapKind.Stop, ServedName = null, From = ModelId.Of(RepoId.Parse("google/gemma-4-26b")) };

        using var body = JsonDocument.Parse(WebhookBody.Of(job).Body);

        body.RootElement.GetProperty("event").GetString().ShouldBe("swap_complete");
        body.RootElement.GetProperty("model").ValueKind.ShouldBe(JsonValueKind.Null);
        body.RootElement.GetProperty("served_name").ValueKind.ShouldBe(JsonValueKind.Null);
        body.RootElement.GetProperty("from_model").GetString().ShouldBe("google--gemma-4-26b");
    }

    [Fact]
    public void Bytes_are_ascii_whatever_a_name_holds()
    {
        var entry = WebhookBody.Of(Given.Swap(SwapState.Live) with { RequestedBy = "Ålice 🙂 \u202e\"" });

        Encoding.UTF8.GetBytes(entry.Body).ShouldAllBe(letter => letter < 128);
        using var body = JsonDocument.Parse(entry.Body);
        body.RootElement.GetProperty("requested_by").GetString().ShouldBe("Ålice 🙂 \u202e\"");
    }
}
