using Appliance.Cluster.Engines;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Engines;

public class VllmDiagnosisTests
{
    private static readonly VllmEngine Engine = new();

    [Theory]
    [InlineData("fail-free-memory.log", "not_enough_free_memory", "Only 36.75 of 121.63 GiB of memory were free, and the recipe asks for 103.38 GiB.", "from 0.85 to at most 0.28")]
    [InlineData("fail-max-model-len.log", "context_too_long", "A context of 262144 tokens needs 11.25 GiB, but only 8.12 GiB are left for it.", "--max-model-len=189184")]
    [InlineData("fail-out-of-memory.log", "out_of_memory", "2.50 GiB more were needed and 1.12 GiB were free", "Stop what else holds memory")]
    [InlineData("fail-no-cache-blocks.log", "no_room_for_cache", "for conversations 0.30 GiB were missing", "--gpu-memory-utilization")]
    [InlineData("fail-context-without-estimate.log", "context_too_long", "A context of 131,072 tokens needs 6.40 GiB, but only 2.10 GiB are left for it.", "--max-model-len=43008")]
    [InlineData("fail-negative-cache.log", "no_room_for_cache", "for conversations 3.30 GiB were missing", "on a DGX Spark by at least 0.05")]
    [InlineData("fail-cluster-apart.log", "machines_apart", "did not find each other", "cable")]
    [InlineData("fail-kernel.log", "wrong_kernel", "cannot make kernels for the Spark's GPU", "image")]
    [InlineData("fail-killed.log", "out_of_memory", "most likely because the memory ran out", "--gpu-memory-utilization")]
    public void The_cause_is_found_above_the_wrapper_exceptions(string name, string code, string message, string advice)
    {
        var diagnosis = Engine.Diagnose(SampleLogs.Read(name)).ShouldNotBeNull();

        diagnosis.Code.ShouldBe(code);
        diagnosis.Message.ShouldContain(message);
        diagnosis.Advice.ShouldNotBeNull().ShouldContain(advice);
    }

    [Theory]
    [InlineData("ValueError: To serve at least one request with the models's max seq len (262,144), (11.25 GiB KV cache is needed, which is larger than the available KV cache memory (-3.5 GiB).", "context_too_long", "262,144")]
    [InlineData("ValueError: The model's max seq len (262144) is larger than the maximum number of tokens that can be stored in KV cache (75840). Try increasing `gpu_memory_utilization`", "context_too_long", "--max-model-len=75840")]
    [InlineData("ValueError: To serve at least one request with the models's max seq len (262144), (11.25 GiB KV cache is needed, which is larger than the available KV cache memory (0.01 GiB). Based on the available memory, the estimated maximum model length is 240.", "context_too_long", "on a DGX Spark by at least 0.11")]
    [InlineData("Available KV cache memory: -0.3 GiB", "no_room_for_cache", "0.3 GiB were missing")]
    [InlineData("Available KV cache memory: -118.0 GiB", "no_room_for_cache", "by at least 0.99")]
    [InlineData("Available KV cache memory: -130.0 GiB", "no_room_for_cache", "Take a smaller model")]
    [InlineData("Access to model org/name is restricted. You must have access to it and be authenticated to access it.", "gated", "licence")]
    [InlineData("vllm serve: error: argument --max-model-len: invalid int value: '128 k'", "unknown_option", "the value of --max-model-len")]
    [InlineData("ValueError: User-specified max_model_len (262144) is greater than the derived max_model_len (max_position_embeddings=131072 or model_max_length=None in model's config.json).", "context_beyond_model", "131072")]
    [InlineData("ValueError: Model architectures ['InklingForCausalLM'] are not supported for now. Supported architectures: dict_keys(['A'])", "model_too_new", "InklingForCausalLM")]
    [InlineData("ValueError: The checkpoint you are trying to load has model type `qwen9` but Transformers does not recognize this architecture.", "model_too_new", "")]
    [InlineData("ValueError: The repository org/name contains custom code which must be executed to correctly load the model.", "needs_remote_code", "--trust-remote-code")]
    [InlineData("huggingface_hub.errors.GatedRepoError: 403 Client Error.", "gated", "licence")]
    [InlineData("Access to model org/name is restricted and you are not in the authorized list.", "gated", "licence")]
    [InlineData("requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url", "hub_refused", "token")]
    [InlineData("huggingface_hub.errors.RepositoryNotFoundError: 404", "repo_not_found", "name")]
    [InlineData("huggingface_hub.errors.LocalEntryNotFoundError: An error happened", "files_missing", "Download")]
    [InlineData("huggingface_hub.errors.OfflineModeIsEnabled: Cannot reach", "files_missing", "Download")]
    [InlineData("[Errno 98] error while attempting to bind on address ('0.0.0.0', 8888): address already in use", "port_taken", "port")]
    [InlineData("OSError: [Errno 98] Address already in use", "port_taken", "port")]
    [InlineData("vllm: error: unrecognized arguments: --moe-backend marlin", "unknown_option", "--moe-backend marlin")]
    [InlineData("vllm serve: error: argument --moe-backend: invalid choice: 'b12x' (choose from auto, triton)", "unknown_option", "b12x for --moe-backend")]
    [InlineData("ValueError: The supplied chat template (unsloth.jinja) appears path-like, but doesn't exist!", "chat_template_missing", "unsloth.jinja")]
    [InlineData("ImportError: /usr/lib/x.so: undefined symbol: _ZN3c10", "image_broken", "image")]
    [InlineData("ImportError: cannot import name 'x'", "image_broken", "image")]
    [InlineData("RuntimeError: This kernel only supports sm120", "wrong_kernel", "marlin")]
    [InlineData("torch.AcceleratorError: CUDA error: cudaErrorLaunchFailure", "wrong_kernel", "marlin")]
    [InlineData("ptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'", "wrong_kernel", "image")]
    [InlineData("vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.", "died_in_service", "again")]
    [InlineData("TimeoutError: RPC call to sample_tokens timed out.", "died_in_service", "again")]
    [InlineData("torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.", "machines_apart", "cable")]
    [InlineData("ibv_reg_mr_iova2 failed with error Cannot allocate memory", "link_trouble", "kernel")]
    [InlineData("NotImplementedError: tie_weights", "format_mismatch", "variant")]
    [InlineData("KeyError: 'model.layers.0.mlp.experts.w13_weight_scale'", "format_mismatch", "variant")]
    [InlineData("ValueError: Failed to apply Qwen3VLProcessor on data", "picture_too_large", "max_pixels")]
    [InlineData("bash: line 1:    42 Killed                  vllm serve org/name", "out_of_memory", "memory")]
    [InlineData("RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests.", "out_of_memory", "memory")]
    [InlineData("NVRM: NV_ERR_NO_MEMORY", "out_of_memory", "memory")]
    public void Every_known_fatal_line_is_explained_with_its_own_words(string line, string code, string named)
    {
        var diagnosis = Engine.Diagnose(
        [
            "(APIServer pid=1) INFO 11-21 07:42:05 [api_server.py:1] vLLM API server version 0.18",
            $"(EngineCore pid=301) ERROR 11-21 07:43:20 [core.py:936] {line}",
            "(APIServer pid=118) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
        ]).ShouldNotBeNull();

        diagnosis.Code.ShouldBe(code);
        $"{diagnosis.Message} {diagnosis.Advice}".ShouldContain(named);
    }

    [Theory]
    [InlineData("solo-warm.log")]
    [InlineData("cluster-cold.log")]
    public void A_good_start_has_no_cause_of_failure(string name) => Engine.Diagnose(SampleLogs.Read(name)).ShouldBeNull();

    [Fact]
    public void A_cause_wins_over_how_it_ended_even_when_the_end_comes_later()
    {
        string[] log =
        [
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.",
            "ImportError: something at shutdown",
            "vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.",
        ];

        Engine.Diagnose(log)!.Code.ShouldBe("out_of_memory");
    }

    [Fact]
    public void A_wrapper_alone_is_told_as_such_and_an_empty_log_as_nothing()
    {
        Engine.Diagnose(["RuntimeError: Engine core initialization failed. See root cause above."])!.Code.ShouldBe("engine_failed");
        Engine.Diagnose([]).ShouldBeNull();
    }
}
