namespace Appliance.Gateway.Bodies;

/// <summary>The body of a request that has none.</summary>
internal sealed class NoBody : OutgoingBody
{
    public override long? TotalLength => 0;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);
}
