using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Recipes;

/// <summary>
/// Which words a recipe may hand to a launcher and a server (threat T-04). The rule is the same for the catalog and for the operator's file.
/// </summary>
internal static partial class RecipeWords
{
    /// <summary>Options that belong to the lane, to the launcher, or would make the server unreachable for us: never in a recipe.</summary>
    public static readonly ImmutableArray<string> Reserved =
    [
        "--host", "--port", "--uds", "--root-path", "--api-key", "--model", "--config", "--hf-token",
        "--ssl-keyfile", "--ssl-certfile", "--ssl-ca-certs", "--ssl-cert-reqs", "--ssl-ciphers", "--enable-ssl-refresh",
        "--distributed-executor-backend", "--nnodes", "--node-rank", "--master-addr", "--master-port", "--headless",
        "--data-parallel-address", "--data-parallel-rpc-port", "--data-parallel-start-rank",
    ];

    /// <summary>Options that run foreign code, read files of the container, or write prompts into the log: only when the recipe names them under <c>i_understand</c>.</summary>
    public static readonly ImmutableArray<string> Dangerous =
    [
        "--trust-remote-code", "--chat-template", "--trust-request-chat-template", "--allowed-local-media-path", "--middleware",
        "--tool-parser-plugin", "--reasoning-parser-plugin", "--io-processor-plugin", "--logits-processors", "--logits-processor-pattern",
        "--worker-cls", "--worker-extension-cls", "--scheduler-cls", "--hf-config-path", "--kv-transfer-config", "--download-dir",
        "--enable-log-requests", "--enable-log-outputs", "--log-config-file",
    ];

    /// <summary>Options of their own right that happen to be the beginning of a dangerous one; an exact name wins over a beginning.</summary>
    private static readonly ImmutableArray<string> Harmless = ["--reasoning-parser"];

    /// <summary>Variables that load foreign code into the server, open its unauthenticated developer routes, or are the launcher's own.</summary>
    private static readonly ImmutableArray<string> ReservedVariables =
    [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "PATH", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "BASH_ENV", "ENV", "IFS", "HOME", "HF_HOME",
        "VLLM_SERVER_DEV_MODE", "VLLM_ALLOW_INSECURE_SERIALIZATION", "VLLM_HOST_IP", "VLLM_PORT", "VLLM_PLUGINS",
        "RAY_NODE_IP_ADDRESS", "RAY_OVERRIDE_NODE_IP_ADDRESS", "MN_IF_NAME", "NCCL_SOCKET_IFNAME", "NCCL_IB_HCA", "GLOO_SOCKET_IFNAME", "TP_SOCKET_IFNAME",
    ];

    private static readonly ImmutableArray<string> SecretEndings = ["TOKEN", "_KEY", "SECRET", "PASSWORD", "CREDENTIALS"];

    /// <summary>Why a word may not stand among the arguments; null when it may.</summary>
    public static string? FindFault(string word, IReadOnlyCollection<string> understood)
    {
        if (word.Length is 0 or > 4096)
        {
            return "an argument must have 1 to 4,096 characters.";
        }

        if (word.Any(char.IsControl) || word.Any(char.IsSurrogate))
        {
            return "an argument must not hold control characters or characters beyond the basic plane.";
        }

        if (word[0] != '-')
        {
            return null;
        }

        if (FindOption(word) is not { } option)
        {
            return $"'{Shorten(word)}' is not a long option; write --name or --name=value, and --name=-1 for a value that begins with '-'.";
        }

        if (Harmless.Contains(option))
        {
            return null;
        }

        // argparse accepts any unambiguous beginning of an option, so a beginning counts as the option itself.
        if (option is "--ssl" || option.StartsWith("--ssl-", StringComparison.Ordinal)
            || Reserved.Any(reserved => reserved.StartsWith(option, StringComparison.Ordinal)))
        {
            return $"{option} belongs to the lane and the launcher; remove it from the recipe.";
        }

        var dangerous = Dangerous.FirstOrDefault(name => name.StartsWith(option, StringComparison.Ordinal));
        return dangerous is null || understood.Contains(dangerous)
            ? null
            : $"{dangerous} can run foreign code, read files or log what people write; if that is wanted, add 'i_understand: [{dangerous}]' to this recipe.";
    }

    /// <summary>The option's name with hyphens, without its value and without a dotted rest (<c>--hf-overrides.x</c>); null when the word is no long option.</summary>
    public static string? FindOption(string word)
    {
        var match = LongOption().Match(word);
        return match.Success ? match.Groups[1].Value.Replace('_', '-') : null;
    }

    /// <summary>The value of an option, written with <c>=</c> or as the next word; null when it is absent.</summary>
    public static string? FindValue(IReadOnlyList<string> words, string option)
    {
        string? value = null;
        for (var i = 0; i < words.Count; i++)
        {
            if (FindOption(words[i]) != option)
            {
                continue;
            }

            // The server takes the last one of several.
            var equals = words[i].IndexOf('=', StringComparison.Ordinal);
            value = equals >= 0 ? words[i][(equals + 1)..] : i + 1 < words.Count && words[i + 1][0] != '-' ? words[i + 1] : null;
        }

        return value;
    }

    /// <summary>The words with one option set to a value, whatever it was before. The value of an option is one word.</summary>
    public static ImmutableArray<string> Replace(IReadOnlyList<string> words, string option, string value)
    {
        var others = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (FindOption(words[i]) != option)
            {
                others.Add(words[i]);
            }
            else if (!words[i].Contains('=', StringComparison.Ordinal) && i + 1 < words.Count && words[i + 1][0] != '-')
            {
                i++;
            }
        }

        return [.. others, $"{option}={value}"];
    }

    /// <summary>Why a variable may not be set; null when it may.</summary>
    public static string? FindFault(string variable, string value) => variable switch
    {
        _ when !VariableName().IsMatch(variable) => $"'{Shorten(variable)}' is not the name of a variable (letters, digits and underscores).",
        _ when ReservedVariables.Contains(variable) => $"{variable} is not for a recipe to set.",
        _ when SecretEndings.Any(ending => variable.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) =>
            $"{variable} looks like a secret; a recipe is shown to everybody, so keep it in the launcher's .env file on the machine.",
        // The launcher splits values at blanks and lets the shell expand them (spark-vllm-docker launch-cluster.sh, -e).
        _ when !VariableValue().IsMatch(value) => $"the value of {variable} must be one word of letters, digits and . _ , : / = + @ % -",
        _ => null,
    };

    /// <summary>Whether a text is an image name. A leading hyphen would be an option.</summary>
    public static bool IsImage(string text) => Image().IsMatch(text);

    /// <summary>Whether a text is a folder or zip below the launcher's checkout.</summary>
    public static bool IsMod(string text) => Mod().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(@"^(--[a-z][a-z0-9_-]*)(\.[a-zA-Z0-9_.-]*)?(=|\z)", RegexOptions.NonBacktracking)]
    private static partial Regex LongOption();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^[A-Za-z0-9._,:/=+@%-]{0,1024}\z", RegexOptions.NonBacktracking)]
    private static partial Regex VariableValue();

    [GeneratedRegex(@"^[a-z0-9][A-Za-z0-9._/:@-]{0,254}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Image();

    [GeneratedRegex(@"^mods/[A-Za-z0-9][A-Za-z0-9._/-]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Mod();
}
