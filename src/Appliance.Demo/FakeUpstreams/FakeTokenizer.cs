using System.Collections.Immutable;
using System.Text;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Cuts text into pieces of a word and the blank before it. Deterministic; about as many pieces as real tokenizers make of English.</summary>
internal static class FakeTokenizer
{
    private const int Vocabulary = 151_936;

    public static ImmutableArray<string> Split(string text)
    {
        var tokens = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            // A new token begins at a blank that follows something else, and never inside a surrogate pair.
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
            {
                tokens.Add(text[start..i]);
                start = i;
            }
        }

        if (text.Length > 0)
        {
            tokens.Add(text[start..]);
        }

        return tokens.DrainToImmutable();
    }

    public static int Count(string text) => Split(text).Length;

    public static int IdOf(string token) => (int)(Hash(token) % Vocabulary);

    /// <summary>FNV-1a over UTF-8, 64 bits: the same on every machine, unlike <see cref="string.GetHashCode()"/>.</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return hash;
    }
}
