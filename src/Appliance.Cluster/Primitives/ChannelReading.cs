using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Appliance.Cluster.Primitives;

/// <summary>Reading a channel on the reader's own scheduler: <c>ReadAllAsync</c> goes on wherever the writer's news found it.</summary>
internal static class ChannelReading
{
    /// <summary>Every item until the channel is completed, or the reader cancelled.</summary>
    public static async IAsyncEnumerable<T> ReadHereAsync<T>(this ChannelReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.WaitToReadAsync(cancellationToken))
        {
            while (reader.TryRead(out var item))
            {
                yield return item;
            }
        }
    }
}
