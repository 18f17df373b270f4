using System.Globalization;
using System.Text;
using Appliance.Cluster.Primitives;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>What a stand-in server counts, and its <c>/metrics</c> text with the names of vLLM 0.1x. Thread-safe.</summary>
internal sealed class FakeCounters
{
    private static readonly double[] Buckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Lock _gate = new();
    private readonly Bell _changed = new();
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal) { ["stop"] = 0, ["length"] = 0, ["abort"] = 0 };
    private readonly Histogram _firstToken = new();
    private readonly Histogram _betweenTokens = new();
    private readonly Histogram _whole = new();
    private int _open;
    private int _running;
    private int _cancelled;
    private int _completed;
    private long _prompt;
    private long _generated;

    public int Open => Read(() => _open);

    public int Running => Read(() => _running);

    public int Cancelled => Read(() => _cancelled);

    public int Completed => Read(() => _completed);

    public long GeneratedTokens => Read(() => _generated);

    /// <summary>Ends at the next change of any counter.</summary>
    public Task Changed => _changed.Next;

    public void RequestOpened() => Change(() => _open++);

    public void RequestClosed() => Change(() => _open--);

    public void GenerationStarted(int promptTokens) => Change(() =>
    {
        _running++;
        _prompt += promptTokens;
    });

    public void TokenMade(TimeSpan waited, bool isFirst) => Change(() =>
    {
        _generated++;
        (isFirst ? _firstToken : _betweenTokens).Add(waited.TotalSeconds);
    });

    public void GenerationEnded(string reason, TimeSpan took) => Change(() =>
    {
        _running--;
        _finished[reason] = _finished.GetValueOrDefault(reason) + 1;
        _whole.Add(took.TotalSeconds);
        _cancelled += reason == "abort" ? 1 : 0;
        _completed += reason is "abort" or "error" ? 0 : 1;
    });

    /// <summary>The Prometheus text of one engine.</summary>
    public string ToPrometheus(string model)
    {
        lock (_gate)
        {
            var text = new StringBuilder();
            var labels = $"engine=\"0\",model_name=\"{model}\"";
            Single(text, "vllm:num_requests_running", "gauge", labels, _running);
            Single(text, "vllm:num_requests_waiting", "gauge", labels, 0);
            Single(text, "vllm:kv_cache_usage_perc", "gauge", labels, Math.Min(1, _running * 0.04));
            Single(text, "vllm:prompt_tokens_total", "counter", labels, _prompt);
            Single(text, "vllm:generation_tokens_total", "counter", labels, _generated);
            Single(text, "vllm:prefix_cache_queries_total", "counter", labels, _prompt);
            Single(text, "vllm:prefix_cache_hits_total", "counter", labels, 0);
            Single(text, "vllm:num_preemptions_total", "counter", labels, 0);
            text.Append("# TYPE vllm:request_success_total counter\n");
            foreach (var (reason, count) in _finished)
            {
                text.Append(CultureInfo.InvariantCulture, $"vllm:request_success_total{{{labels},finished_reason=\"{reason}\"}} {count}\n");
            }

            _firstToken.Write(text, "vllm:time_to_first_token_seconds", labels);
            _betweenTokens.Write(text, "vllm:inter_token_latency_seconds", labels);
            _whole.Write(text, "vllm:e2e_request_latency_seconds", labels);
            return text.ToString();
        }
    }

    private static void Single(StringBuilder text, string name, string kind, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {kind}\n{name}{{{labels}}} {value:0.0###}\n");

    private T Read<T>(Func<T> value)
    {
        lock (_gate)
        {
            return value();
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }

        _changed.Ring();
    }

    private sealed class Histogram
    {
        private readonly long[] _counts = new long[Buckets.Length];
        private double _sum;
        private long _count;

        public void Add(double value)
        {
            _sum += value;
            _count++;
            for (var i = 0; i < Buckets.Length; i++)
            {
                if (value <= Buckets[i])
                {
                    _counts[i]++;
                }
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} histogram\n");
            for (var i = 0; i < Buckets.Length; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{Buckets[i]}\"}} {_counts[i]}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"+Inf\"}} {_count}\n{name}_sum{{{labels}}} {_sum}\n{name}_count{{{labels}}} {_count}\n");
        }
    }
}
