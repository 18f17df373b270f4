namespace Appliance.Demo.FakeUpstreams;

/// <summary>Embeddings from the words of a text: the same text gives the same vector, and texts that share words are near each other.</summary>
internal static class FakeVectors
{
    public static float[] Embed(string text, int dimensions)
    {
        var vector = new float[dimensions];
        var words = text.ToLowerInvariant().Split([' ', '\t', '\r', '\n', ',', '.', ';', ':', '!', '?', '"', '\''], StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words.Length == 0 ? [text] : words)
        {
            AddDirection(FakeTokenizer.Hash(word), vector);
        }

        var length = MathF.Sqrt(vector.Sum(x => x * x));
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }

    /// <summary>One pseudo-random direction per word (xorshift64*).</summary>
    private static void AddDirection(ulong seed, float[] vector)
    {
        var state = seed | 1;
        for (var i = 0; i < vector.Length; i++)
        {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            vector[i] += ((state * 2685821657736338717UL) >> 40) / (float)(1 << 23) - 1f;
        }
    }
}
