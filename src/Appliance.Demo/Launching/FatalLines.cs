using Appliance.Cluster.Primitives;

namespace Appliance.Demo.Launching;

/// <summary>What vLLM writes when a start fails: the cause, then the wrappers that follow it (spark-vllm-docker.md section 5, fatal lines).</summary>
internal static class FatalLines
{
    private const string CoreFailed = "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}";

    public static IEnumerable<StartupLine> UnsupportedArchitecture(string architecture, double at) => ApiTraceback(
        at,
        $"pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig",
        $"  Value error, Model architectures ['{architecture}'] are not supported for now. Supported architectures: dict_keys(['GptOssForCausalLM', 'LlamaForCausalLM', 'Qwen3ForCausalLM'])");

    public static IEnumerable<StartupLine> OutOfMemory(double at) => EngineTraceback(
        at,
        "[core.py:1101] torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.90 GiB. GPU 0 has a total capacity of 121.63 GiB of which 812.00 MiB is free. Including non-PyTorch memory, this process has 108.11 GiB memory in use.");

    public static IEnumerable<StartupLine> NotEnoughMemory(ByteSize free, double share, double at)
    {
        var total = 121.63;
        return EngineTraceback(
            at,
            $"[core.py:1101] ValueError: Free memory on device cuda:0 ({free.Bytes / (double)(1L << 30):0.00}/{total} GiB) on startup is less than desired GPU memory utilization ({share:0.0#}, {total * share:0.00} GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.");
    }

    public static IEnumerable<StartupLine> MissingFiles(string repo, double at) => ApiTraceback(
        at,
        $"huggingface_hub.errors.LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder for '{repo}' on the local disk and outgoing traffic has been disabled.");

    public static IEnumerable<StartupLine> PortTaken(int port, double at) => ApiTraceback(
        at,
        $"OSError: [Errno 98] error while attempting to bind on address ('0.0.0.0', {port}): address already in use");

    private static IEnumerable<StartupLine> EngineTraceback(double at, string cause)
    {
        yield return new(at, LogSource.EngineError, "[core.py:1101] EngineCore failed to start.");
        yield return new(at, LogSource.EngineError, "[core.py:1101] Traceback (most recent call last):");
        yield return new(at, LogSource.EngineError, "[core.py:1101]   File \"/usr/local/lib/python3.12/dist-packages/vllm/v1/engine/core.py\", line 1075, in run_engine_core");
        yield return new(at, LogSource.EngineError, "[core.py:1101]     engine_core = EngineCoreProc(*args, engine_index=dp_rank, **kwargs)");
        yield return new(at, LogSource.EngineError, cause);
        yield return new(at, LogSource.Raw, "(EngineCore pid=201) Process EngineCore:");
        foreach (var line in ApiTraceback(at, CoreFailed))
        {
            yield return line;
        }
    }

    private static IEnumerable<StartupLine> ApiTraceback(double at, params string[] last)
    {
        yield return new(at, LogSource.ApiPlain, "Traceback (most recent call last):");
        yield return new(at, LogSource.ApiPlain, "  File \"/usr/local/bin/vllm\", line 10, in <module>");
        yield return new(at, LogSource.ApiPlain, "    sys.exit(main())");
        yield return new(at, LogSource.ApiPlain, "             ^^^^^^");
        yield return new(at, LogSource.ApiPlain, "  File \"/usr/local/lib/python3.12/dist-packages/vllm/entrypoints/cli/serve.py\", line 112, in cmd");
        yield return new(at, LogSource.ApiPlain, "    uvloop.run(run_server(args))");
        foreach (var line in last)
        {
            yield return new(at, LogSource.ApiPlain, line);
        }
    }
}
