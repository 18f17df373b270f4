using Appliance.Cluster.Health;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Counters_of_a_vllm_server_are_read_over_all_its_engines()
    {
        const string Text = """
            # HELP vllm:num_requests_running Number of requests in model execution batches.
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="a/b"} 2.0
            vllm:num_requests_running{engine="1",model_name="a/b"} 1.0
            vllm:num_requests_waiting{engine="0",model_name="a/b"} 3.0
            vllm:prompt_tokens_total{engine="0",model_name="a/b"} 12345.0
            vllm:generation_tokens_total{engine="0",model_name="a/b"} 1.5e+03
            vllm:generation_tokens_created{engine="0",model_name="a/b"} 1.7e+09
            vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="a/b"} 7.0
            vllm:time_to_first_token_seconds_count{engine="0",model_name="a/b"} 10.0
            vllm:time_to_first_token_seconds_sum{engine="0",model_name="a/b"} 4.5
            """;

        PrometheusText.TryReadCounters(Text).ShouldBe(new ServerCounters(3, 3, 1500, 12345, 4.5, 10));
        PrometheusText.TryReadCounters(Text.ReplaceLineEndings("\r\n")).ShouldBe(new ServerCounters(3, 3, 1500, 12345, 4.5, 10));
    }

    [Fact]
    public void Server_that_does_not_count_tokens_has_no_counters() =>
        PrometheusText.TryReadCounters("process_cpu_seconds_total 12\nvllm:num_requests_running 0\n").ShouldBeNull();

    [Fact]
    public void Renamed_metric_is_found_under_its_other_name()
    {
        PrometheusText.FindSum("vllm:new_name 5\n", "vllm:old_name", "vllm:new_name").ShouldBe(5);
        PrometheusText.FindSum("vllm:old_name 4\nvllm:new_name 5\n", "vllm:old_name", "vllm:new_name").ShouldBe(4);
        PrometheusText.TryReadCounters("vllm:generation_tokens 9\n")!.GeneratedTokens.ShouldBe(9);
    }

    [Theory]
    [InlineData("m 1", 1)]
    [InlineData("m\t1", 1)]
    [InlineData("  m 1 1760000000000", 1)]
    [InlineData("m{a=\"}\",b=\"say \\\"}\\\" 7\"} 2", 2)]
    [InlineData("m{a=\"x\"} 3 # {trace_id=\"abc\"} 0.5 1760000000", 3)]
    [InlineData("m{} 4", 4)]
    [InlineData("m NaN", null)]
    [InlineData("m +Inf", null)]
    [InlineData("m -1", null)]
    [InlineData("m", null)]
    [InlineData("m{a=\"cut off", null)]
    [InlineData("m{a=\"b\"}", null)]
    [InlineData("m one", null)]
    [InlineData("meter 1", null)]
    [InlineData("m_total 1", null)]
    [InlineData("# m 1", null)]
    [InlineData("", null)]
    public void Line_is_read_or_skipped(string line, int? value) => PrometheusText.FindSum($"junk\n{line}\nmore junk", "m").ShouldBe(value);

    [Fact]
    public void Any_text_is_accepted()
    {
        var piece = Gen.Elements("m", "{", "}", "\"", "\\", " ", "\n", "\r", "1e308", "9", "-", "=", ",", "#", "NaN", "\0", "é", "m{a=\"b\"} 1e308\n");
        Prop.ForAll(piece.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var sum = PrometheusText.FindSum(text, "m");
            return sum is null or >= 0;
        }).QuickCheckThrowOnFailure();
        Prop.ForAll<string?>(text => PrometheusText.TryReadCounters(text ?? "") is null or { Running: >= 0 }).QuickCheckThrowOnFailure();
    }
}
