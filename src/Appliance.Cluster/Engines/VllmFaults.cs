using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Engines;

/// <summary>The fatal lines that are known, and what they mean for the owner.</summary>
internal static partial class VllmFaults
{
    private const string UpdateImage = "Update the container image on the machine (build-and-copy.sh), then start again.";

    /// <summary>Lines that name what is wrong.</summary>
    public static readonly ImmutableArray<VllmFault> Causes =
    [
        new("on startup is less than desired", FreeMemory(), groups => new Diagnosis(
            "not_enough_free_memory",
            $"Only {groups[1].Value} of {groups[2].Value} GiB of memory were free, and the recipe asks for {groups[4].Value} GiB.",
            $"Stop what else holds memory (another model, speech), or lower --gpu-memory-utilization from {groups[3].Value} to at most {VllmNumbers.Share(groups[1].Value, groups[2].Value)} in the recipe.")),
        new("KV cache is needed, which is larger than the available KV cache memory", KvCacheNeeded(), VllmNumbers.ContextTooLong),
        new("estimated maximum model length is", EstimatedLength(), groups => new Diagnosis(
            "context_too_long", "The memory left for the conversation is too small for the context length that the recipe asks for.", VllmNumbers.SetLength(groups[1].Value))),
        new("maximum number of tokens that can be stored in KV cache", StorableTokens(), groups => new Diagnosis(
            "context_too_long",
            $"The recipe asks for a context of {groups[1].Value} tokens, but the memory left for the conversation holds {groups[2].Value}.",
            VllmNumbers.SetLength(groups[2].Value))),
        new("is greater than the derived max_model_len", DerivedLength(), groups => new Diagnosis(
            "context_beyond_model",
            $"The recipe asks for a context of {groups[1].Value} tokens, but the model was made for {groups[2].Value}.",
            $"Set --max-model-len={groups[2].Value} in the recipe (or the variable VLLM_ALLOW_LONG_MAX_MODEL_LEN=1, at the price of worse answers).")),
        new("Available KV cache memory: -", MissingCache(), groups => new Diagnosis(
            "no_room_for_cache",
            $"The weights took the whole share of memory: for conversations {groups[1].Value} GiB were missing.",
            VllmNumbers.RaiseShare(groups[1].Value))),
        new("OutOfMemoryError", OutOfMemory(), groups => new Diagnosis(
            "out_of_memory",
            groups[1].Success && groups[2].Success ? $"The memory ran out: {groups[1].Value} more were needed and {groups[2].Value} were free." : "The memory ran out while the model was loading.",
            "Stop what else holds memory, lower --gpu-memory-utilization or --max-num-batched-tokens, or take a smaller model.")),
        new("CUDA out of memory", "out_of_memory", "The memory ran out while the model was loading.",
            "Stop what else holds memory, lower --gpu-memory-utilization or --max-num-batched-tokens, or take a smaller model."),
        new("are not supported for now", Architecture(), groups => new Diagnosis(
            "model_too_new", $"This version of vLLM does not know models of the kind {groups[1].Value}.", UpdateImage)),
        new("but Transformers does not recognize this architecture", "model_too_new", "The software in the container image is older than this model.", UpdateImage),
        new("The checkpoint you are trying to load has model type", ModelType(), groups => new Diagnosis(
            "model_too_new", $"The software in the container image does not know models of the kind {groups[1].Value}.", UpdateImage)),
        new("contains custom code which must be executed", "needs_remote_code", "The model brings program code of its own, which is not run unasked.",
            "If you trust its publisher, add --trust-remote-code to the recipe's args and to i_understand."),
        new("Please pass the argument `trust_remote_code=True`", "needs_remote_code", "The model brings program code of its own, which is not run unasked.",
            "If you trust its publisher, add --trust-remote-code to the recipe's args and to i_understand."),
        new("Cannot access gated repo", "gated", "The model needs its publisher's permission.", "Accept the licence on the model's Hugging Face page and store a token on the machine (hf auth login)."),
        new("GatedRepoError", "gated", "The model needs its publisher's permission.", "Accept the licence on the model's Hugging Face page and store a token on the machine (hf auth login)."),
        new("is restricted", Restricted(), _ => new Diagnosis("gated", "The model needs its publisher's permission.", "Accept the licence on the model's Hugging Face page and store a token on the machine (hf auth login).")),
        new("401 Client Error", "hub_refused", "Hugging Face did not accept the token, or there is none.", "Store a valid token on the machine (hf auth login), or download the model completely first."),
        new("403 Client Error", "hub_refused", "Hugging Face refused access to the model.", "Accept the licence on the model's Hugging Face page and store a token on the machine (hf auth login)."),
        new("RepositoryNotFoundError", "repo_not_found", "Hugging Face has no such model, or it is private.", "Check the repository's name."),
        new("LocalEntryNotFoundError", "files_missing", "Files of the model are missing on the machine and could not be fetched.", "Download the model again, on every machine that runs a part of it."),
        new("OfflineModeIsEnabled", "files_missing", "Files of the model are missing on the machine, and fetching is switched off.", "Download the model again, on every machine that runs a part of it."),
        new("error while attempting to bind on address", "port_taken", "Another program already listens on the lane's port.", "Stop it, or give the lane another port."),
        new("Address already in use", "port_taken", "Another program already listens on the lane's port.", "Stop it, or give the lane another port."),
        new("unrecognized arguments:", Unrecognized(), groups => new Diagnosis(
            "unknown_option", $"This version of vLLM does not know {Cut(groups[1].Value)}.", "Remove it from the recipe, or update the container image.")),
        new("invalid choice:", InvalidChoice(), groups => new Diagnosis(
            "unknown_option", $"This version of vLLM does not accept {Cut(groups[2].Value)} for {Cut(groups[1].Value)}.", "Change it in the recipe, or update the container image.")),
        new("error: argument", BadArgument(), groups => new Diagnosis(
            "unknown_option", $"This version of vLLM does not accept the value of {Cut(groups[1].Value)} ({Cut(groups[2].Value)}).", "Change it in the recipe, or update the container image.")),
        new("appears path-like, but doesn't exist", ChatTemplate(), groups => new Diagnosis(
            "chat_template_missing", $"The chat template {groups[1].Value} is not in the container.", "Add the mod that brings it to the recipe, or remove --chat-template.")),
        new("undefined symbol", "image_broken", "The container image is broken: its parts do not fit together.", "Pull or build the image again, or go back to the one before."),
        new("This kernel only supports sm120", "wrong_kernel", "The chosen kernel does not run on the Spark's GPU.", "Choose another --attention-backend or --moe-backend (marlin is the safe one), or another image."),
        new("cudaErrorLaunchFailure", "wrong_kernel", "A kernel failed on the Spark's GPU.", "Choose another --attention-backend or --moe-backend (marlin is the safe one), or another image."),
        new("sm_121a", PtxError(), _ => new Diagnosis(
            "wrong_kernel", "The container image cannot make kernels for the Spark's GPU.", "Take an image that is made for it (eugr/spark-vllm-docker).")),
        new("ibv_reg_mr", "link_trouble", "The fast link between the machines refused to work.", "Check the kernel's version on both machines: some break the link's memory registration."),
        new("DistStoreError", "machines_apart", "The machines did not find each other.", "Check the cable between them, and that both run the same image."),
        new("waiting for clients", TimedOutWaiting(), _ => new Diagnosis(
            "machines_apart", "The machines did not find each other in time.", "Check the cable between them, and that both run the same image.")),
        new("No space left on device", "disk_full", "The machine's disk is full.", "Delete models or images that are not needed."),
        new("tie_weights", "format_mismatch", "The model's files do not match its description: usually a quantization that this version cannot load.", "Take another variant of the model, or update the image."),
        new("KeyError: 'model.layers", "format_mismatch", "The model's files do not match its description: usually a quantization that this version cannot load.", "Take another variant of the model, or update the image."),
        new("does not match the quantization method specified", "format_mismatch", "The recipe's --quantization is not the one that the model was made with.", "Remove --quantization from the recipe."),
        new("Failed to apply", Processor(), _ => new Diagnosis(
            "picture_too_large", "A picture was larger than the model takes.", "Lower max_pixels in --mm-processor-kwargs in the recipe.")),
    ];

    /// <summary>Lines that only say how it ended; looked for when nothing above is in the log.</summary>
    public static readonly ImmutableArray<VllmFault> Endings =
    [
        new("No available memory for the cache blocks", "no_room_for_cache", "The weights took the whole share of memory, so nothing was left for conversations.",
            "Raise --gpu-memory-utilization or lower --max-num-batched-tokens in the recipe."),
        new("NV_ERR_NO_MEMORY", "out_of_memory", "The memory ran out while the model was loading.", "Stop what else holds memory, or take a smaller model."),
        new("oom-kill", "out_of_memory", "The machine ended the server because the memory ran out.", "Stop what else holds memory, or take a smaller model."),
        new("Killed", Killed(), _ => new Diagnosis(
            "out_of_memory", "The machine ended the server, most likely because the memory ran out.", "Stop what else holds memory, lower --gpu-memory-utilization, or take a smaller model.")),
        new("ModuleNotFoundError:", "image_broken", "The container image lacks a part that this recipe needs.", "Update the image, or change the option that needs it."),
        new("ImportError:", "image_broken", "The container image is broken: one of its parts cannot be loaded.", "Pull or build the image again, or go back to the one before."),
        new("NotImplementedError", "format_mismatch", "This version of vLLM cannot load the model in this form.", "Take another variant of the model, or update the image."),
        new("RPC call to sample_tokens timed out", "died_in_service", "The server stopped answering itself while it worked.", "Start it again. If it repeats, lower --max-num-seqs."),
        new("EngineDeadError", "died_in_service", "The server's engine died.", "Start it again. If it repeats, look at the log above the first error."),
        new("EngineCore encountered a fatal error", "died_in_service", "The server's engine died.", "Start it again. If it repeats, look at the log above the first error."),
        new("died unexpectedly", "out_of_memory", "A part of the server vanished without a word, most likely because the memory ran out.", "Stop what else holds memory, lower --gpu-memory-utilization, or take a smaller model."),
        new("Waiting for creating a placement group", "machines_apart", "The first machine still waits for the second one.", "Check the cable between them and the launcher's network settings (CLUSTER_NODES, ETH_IF)."),
    ];

    /// <summary>What every failed start ends with; says only that there was a failure.</summary>
    public static readonly ImmutableArray<VllmFault> Wrappers =
    [
        new("Engine core initialization failed", "engine_failed", "The server's engine could not start, and its log does not say why in words that are known here.", "Look at the first error in the log."),
    ];

    private static string Cut(string text) => text.Length <= 120 ? text.Trim() : text[..120].Trim() + "…";

    [GeneratedRegex(@"\(([0-9]{1,6}(?:\.[0-9]{1,4})?)/([0-9]{1,6}(?:\.[0-9]{1,4})?) GiB\) on startup is less than desired GPU memory utilization \(([0-9.]{1,8}), ([0-9]{1,6}(?:\.[0-9]{1,4})?) GiB\)", RegexOptions.NonBacktracking)]
    private static partial Regex FreeMemory();

    [GeneratedRegex(@"estimated maximum model length is ([0-9,]{1,15})", RegexOptions.NonBacktracking)]
    private static partial Regex EstimatedLength();

    [GeneratedRegex(@"max seq len \(([0-9,]{1,15})\), \(?([0-9.]{1,10}) GiB KV cache is needed, which is larger than the available KV cache memory \((-?[0-9.]{1,10}) GiB(?:.*estimated maximum model length is ([0-9,]{1,15}))?", RegexOptions.NonBacktracking)]
    private static partial Regex KvCacheNeeded();

    [GeneratedRegex(@"max seq len \(([0-9,]{1,15})\) is larger than the maximum number of tokens that can be stored in KV cache \(([0-9,]{1,15})", RegexOptions.NonBacktracking)]
    private static partial Regex StorableTokens();

    [GeneratedRegex(@"Available KV cache memory: -([0-9]{1,6}(?:\.[0-9]{1,4})?) GiB", RegexOptions.NonBacktracking)]
    private static partial Regex MissingCache();

    [GeneratedRegex(@"Access to model .{1,200} is restricted|is restricted and you are not in the authorized list", RegexOptions.NonBacktracking)]
    private static partial Regex Restricted();

    [GeneratedRegex(@"error: argument ([^:]{1,120}): (.{1,200})", RegexOptions.NonBacktracking)]
    private static partial Regex BadArgument();

    [GeneratedRegex(@"max_model_len \(([0-9]{1,12})\) is greater than the derived max_model_len \([A-Za-z_.]{1,60}=([0-9]{1,12})", RegexOptions.NonBacktracking)]
    private static partial Regex DerivedLength();

    [GeneratedRegex(@"OutOfMemoryError(?:.*Tried to allocate ([0-9.]{1,10} [KMG]iB))?(?:.*of which ([0-9.]{1,10} [KMG]iB) is free)?", RegexOptions.NonBacktracking)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"Model architectures \[?'?([A-Za-z0-9_, ']{1,200}?)'?\]? are not supported for now", RegexOptions.NonBacktracking)]
    private static partial Regex Architecture();

    [GeneratedRegex(@"has model type [`'""]?([A-Za-z0-9_.-]{1,80})", RegexOptions.NonBacktracking)]
    private static partial Regex ModelType();

    [GeneratedRegex(@"unrecognized arguments: (.{1,400})", RegexOptions.NonBacktracking)]
    private static partial Regex Unrecognized();

    [GeneratedRegex(@"argument ([^:]{1,120}): invalid choice: '?([^' ]{1,120})", RegexOptions.NonBacktracking)]
    private static partial Regex InvalidChoice();

    [GeneratedRegex(@"chat template \(([^)]{1,200})\) appears path-like", RegexOptions.NonBacktracking)]
    private static partial Regex ChatTemplate();

    [GeneratedRegex(@"ptxas|not defined for option|Unsupported gpu architecture|Value 'sm_121a'", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex PtxError();

    [GeneratedRegex(@"Timed out after .* waiting for clients", RegexOptions.NonBacktracking)]
    private static partial Regex TimedOutWaiting();

    [GeneratedRegex(@"Failed to apply [A-Za-z0-9_]{0,80}Processor", RegexOptions.NonBacktracking)]
    private static partial Regex Processor();

    [GeneratedRegex(@"(^|: ) *([0-9]{1,9} +)?Killed\b", RegexOptions.NonBacktracking)]
    private static partial Regex Killed();
}
