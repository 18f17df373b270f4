using FsCheck;
using FsCheck.Fluent;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>Words that a careless way to a shell would change, run or lose.</summary>
internal static class HostileText
{
    private static readonly string[] Pieces =
    [
        "'", "''", "\"", "\\", "\\'", "`touch canary`", "$(touch canary)", "${HOME}", "$HOME", "$'\\n'", "~", "!", "!!", "#", "%", "%s", "%n", "*", "?", "[a]", "{a,b}", "(", ")",
        "<", ">", ">canary", "|", "||", "&", "&&", ";", ";;", ";touch canary;", "\n", "\r", "\r\n", "\t", " ", "  ", "\v", "\f", "\a", "\u001b[31m", "\u007f", "\u0085", "\u00a0",
        "\u0081", "\u0088", "\u202e", "\u2028", "\ufeff", "é", "е́", "中", "🙂", "👩‍👧", "𝔘", "-", "--", "-e", "-n", "=", "EOF", "}", "{", "done", "fi", ":(){ :|:& };:", "a", "B", "7", "/", "..", "",
    ];

    /// <summary>Without NUL and lone surrogates, which are refused (tested apart).</summary>
    public static Gen<string> Words { get; } = Gen.OneOf(
        Gen.Elements(Pieces),
        Gen.Elements(Pieces).ArrayOf().Select(string.Concat),
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).Select(Sendable),
        Gen.Choose(1, 0xff).Select(c => ((char)c).ToString()));

    private static string Sendable(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => rune.Value is not 0 and not 0xfffd).Select(rune => rune.ToString()));
}
