namespace Appliance.Hosting;

/// <summary>The appliance cannot start. Each sentence is for the person who starts it and goes to the console as it is.</summary>
internal sealed class StartRefusedException(IReadOnlyList<string> sentences, Exception? innerException = null)
    : Exception(string.Join(Environment.NewLine, sentences), innerException)
{
    public IReadOnlyList<string> Sentences => sentences;
}
