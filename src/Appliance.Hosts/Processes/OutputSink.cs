namespace Appliance.Hosts.Processes;

/// <summary>Takes the bytes of one stream of a process, on one thread at a time. Must not block.</summary>
internal abstract class OutputSink
{
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Called once, when the stream has ended or was given up.</summary>
    public virtual void Complete()
    {
    }
}
