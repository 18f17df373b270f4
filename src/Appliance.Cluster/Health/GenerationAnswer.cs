namespace Appliance.Cluster.Health;

/// <summary>Whether a model produced a token.</summary>
public abstract record GenerationAnswer
{
    private GenerationAnswer()
    {
    }

    /// <summary>It did.</summary>
    /// <param name="Took">From the request to the whole answer.</param>
    public sealed record Token(TimeSpan Took) : GenerationAnswer;

    /// <summary>It did not.</summary>
    /// <param name="Reason">What came instead, in words, without any of the model's text.</param>
    public sealed record Nothing(string Reason) : GenerationAnswer;
}
