using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Demo.Cache;

namespace Appliance.Demo.Launching;

/// <summary>What vLLM writes while it starts, phase by phase, in its own words (spark-vllm-docker.md section 5). Pure.</summary>
internal static class StartupScript
{
    /// <summary>From here on weights are read; until <see cref="WeightsEnd"/>.</summary>
    public const double WeightsBegin = 0.15;

    /// <summary>All weights are in memory.</summary>
    public const double WeightsEnd = 0.56;

    /// <summary>The KV cache takes the rest of the server's share of memory.</summary>
    public const double CacheAllocated = 0.74;

    private const int Graphs = 20;

    /// <summary>The lines of a good start, in order; the last one is written when the port is open.</summary>
    public static IEnumerable<StartupLine> Write(ServeCommand serve, DemoModel model, TimeSpan whole, ByteSize held)
    {
        var architecture = FindArchitecture(model.ConfigJson);
        var length = serve.MaxModelLength ?? model.MaxModelLength;
        var weights = model.Size.Bytes / (double)(1L << 30) / serve.Nodes;
        var cache = Math.Max(1, (held.Bytes / (double)(1L << 30)) - weights - 2);
        var tokens = (long)(cache * 21_000);

        foreach (var line in Begin(serve, model, architecture, length))
        {
            yield return line;
        }

        // A progress bar carries no prefix; docker shows it after its carriage return, with a bare prefix between the lines.
        yield return new(WeightsBegin, LogSource.Raw, "(EngineCore pid=201) ");
        for (var shard = 0; shard <= model.Shards; shard++)
        {
            var done = shard / (double)model.Shards;
            var at = WeightsBegin + (done * (WeightsEnd - 0.01 - WeightsBegin));
            var spent = whole * (at - WeightsBegin);
            var left = whole * (WeightsEnd - at);
            var rate = shard == 0 ? "?it/s" : $"{spent.TotalSeconds / shard:0.00}s/it";
            yield return new(at, LogSource.Raw, $"\rLoading safetensors checkpoint shards: {done * 100,3:0}% Completed | {shard}/{model.Shards} [{spent:mm\\:ss}<{left:mm\\:ss},  {rate}]");
        }

        var loading = whole * (WeightsEnd - WeightsBegin);
        yield return new(WeightsEnd, LogSource.Raw, "(EngineCore pid=201) ");
        yield return new(WeightsEnd, LogSource.Engine, $"[default_loader.py:308] Loading weights took {loading.TotalSeconds:0.00} seconds");
        yield return new(WeightsEnd, LogSource.Engine, $"[gpu_model_runner.py:4130] Model loading took {weights:0.00} GiB memory and {(loading.TotalSeconds * 1.06) + 0.4:0.000000} seconds");
        if (model.Capabilities.Contains(Capability.Vision))
        {
            yield return new(0.57, LogSource.Engine, "[gpu_model_runner.py:5012] Encoder cache will be initialized with a budget of 16384 tokens, and profiled with 1 image items of the maximum feature size.");
        }

        yield return new(0.60, LogSource.Engine, "[backends.py:812] Using cache directory: /home/vllm/.cache/vllm/torch_compile_cache/8f2c1d7a40/rank_0_0/backbone for vLLM's torch.compile");
        yield return new(0.62, LogSource.Engine, "[backends.py:872] Dynamo bytecode transform time: 3.54 s");
        yield return new(0.66, LogSource.Engine, "[backends.py:267] Directly load the compiled graph(s) for compile range (1, 8192) from the cache, took 1.932 s");
        yield return new(0.70, LogSource.Engine, "[monitor.py:35] torch.compile took 6.21 s in total");
        yield return new(0.73, LogSource.Engine, "[gpu_worker.py:362] Initial profiling/warmup run took 0.43 s");
        yield return new(CacheAllocated, LogSource.Engine, $"[gpu_worker.py:436] Available KV cache memory: {cache:0.00} GiB");
        yield return new(CacheAllocated, LogSource.Engine, $"[kv_cache_utils.py:1319] GPU KV cache size: {tokens:N0} tokens");
        yield return new(CacheAllocated, LogSource.Engine, $"[kv_cache_utils.py:1324] Maximum concurrency for {length:N0} tokens per request: {tokens / (double)length:0.00}x");
        foreach (var line in CaptureGraphs())
        {
            yield return line;
        }

        yield return new(0.945, LogSource.Engine, $"[gpu_model_runner.py:5246] Graph capturing finished in {(whole * 0.18).TotalSeconds:0} secs, took 0.66 GiB");
        yield return new(0.95, LogSource.Engine, $"[core.py:283] init engine (profile, create kv cache, warmup model) took {(whole * 0.39).TotalSeconds:0.00} seconds");
        yield return new(0.96, LogSource.Api, "[api_server.py:577] Supported tasks: ['generate']");
        yield return new(0.97, LogSource.Api, $"[api_server.py:581] Starting vLLM server on http://0.0.0.0:{serve.Port}");
        yield return new(0.975, LogSource.Api, "[launcher.py:46] Route: /health, Methods: GET");
        yield return new(0.975, LogSource.Api, "[launcher.py:46] Route: /v1/models, Methods: GET");
        yield return new(0.975, LogSource.Api, "[launcher.py:46] Route: /v1/chat/completions, Methods: POST");
        yield return new(0.98, LogSource.ApiPlain, "INFO:     Started server process [118]");
        yield return new(0.985, LogSource.ApiPlain, "INFO:     Waiting for application startup.");
        yield return new(1, LogSource.ApiPlain, "INFO:     Application startup complete.");
    }

    private static IEnumerable<StartupLine> Begin(ServeCommand serve, DemoModel model, string architecture, int length)
    {
        yield return new(0.02, LogSource.ApiPlain, "       █     █     █▄   ▄█");
        yield return new(0.02, LogSource.ApiPlain, " ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.23.1rc1.dev214+g4c1f0a7d2");
        yield return new(0.02, LogSource.ApiPlain, $"  █▄█▀ █     █     █     █  model   {model.Repo}");
        yield return new(0.02, LogSource.Api, $"[utils.py:233] non-default args: {{'model_tag': '{model.Repo}', 'port': {serve.Port}, 'served_model_name': ['{serve.ServedName}']}}");
        yield return new(0.05, LogSource.Api, $"[model.py:541] Resolved architecture: {architecture}");
        yield return new(0.06, LogSource.Api, $"[model.py:1561] Using max model len {length}");
        yield return new(0.06, LogSource.Api, "[scheduler.py:226] Chunked prefill is enabled with max_num_batched_tokens=8192.");
        yield return new(0.07, LogSource.Api, "[vllm.py:689] Asynchronous scheduling is enabled.");
        yield return new(0.10, LogSource.Engine, $"[core.py:97] Initializing a V1 LLM engine (v0.23.1rc1.dev214) with config: model='{model.Repo}', tensor_parallel_size={serve.Nodes}");
        if (serve.Nodes > 1)
        {
            yield return new(0.12, LogSource.Engine, $"[parallel_state.py:1212] world_size={serve.Nodes} rank=0 local_rank=0 backend=nccl");
            yield return new(0.13, LogSource.Engine, "[pynccl.py:111] vLLM is using nccl==2.28.9");
        }

        yield return new(0.14, LogSource.Engine, $"[gpu_model_runner.py:4049] Starting to load model {model.Repo}...");
    }

    private static IEnumerable<StartupLine> CaptureGraphs()
    {
        for (var i = 0; i <= Graphs; i += 4)
        {
            yield return new(0.76 + (0.14 * i / Graphs), LogSource.Raw, $"\rCapturing CUDA graphs (mixed prefill-decode, PIECEWISE): {100 * i / Graphs,3}%|{new string('█', i / 2)}{new string(' ', 10 - (i / 2))}| {i}/{Graphs} [00:0{i / 5}<00:0{(Graphs - i) / 5},  4.31it/s]");
        }

        for (var i = 0; i <= 8; i += 4)
        {
            yield return new(0.90 + (0.04 * i / 8), LogSource.Raw, $"\rCapturing CUDA graphs (decode, FULL): {100 * i / 8,3}%|{new string('█', i)}{new string(' ', 8 - i)}| {i}/8 [00:0{i / 4}<00:0{(8 - i) / 4},  4.02it/s]");
        }
    }

    internal static string FindArchitecture(string configJson)
    {
        using var config = System.Text.Json.JsonDocument.Parse(configJson);
        return config.RootElement.GetProperty("architectures")[0].GetString()!;
    }
}
