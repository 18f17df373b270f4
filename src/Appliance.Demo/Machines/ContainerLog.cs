using System.Threading.Channels;

namespace Appliance.Demo.Machines;

/// <summary>What a container wrote, with followers. Thread-safe.</summary>
internal sealed class ContainerLog
{
    // Docker keeps everything; 20,000 lines are more than any start-up writes.
    private const int MaxLines = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly List<Channel<string>> _followers = [];
    private bool _isClosed;

    public void Append(string line)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _lines.Enqueue(line);
            if (_lines.Count > MaxLines)
            {
                _lines.Dequeue();
            }

            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(line);
            }
        }
    }

    /// <summary>The container is gone: followers get what is left and end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var follower in _followers)
            {
                follower.Writer.TryComplete();
            }

            _followers.Clear();
        }
    }

    /// <summary>The container runs again; its log goes on.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            _isClosed = false;
        }
    }

    public string[] Tail(int count)
    {
        lock (_gate)
        {
            return [.. _lines.TakeLast(count)];
        }
    }

    /// <summary>The last lines, then every new one, until the container is gone.</summary>
    public ChannelReader<string> Follow(int tail)
    {
        // Unbounded, because a follower of a simulated log is our own test or page and the log itself is bounded.
        var channel = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            foreach (var line in _lines.TakeLast(tail))
            {
                channel.Writer.TryWrite(line);
            }

            if (_isClosed)
            {
                channel.Writer.TryComplete();
            }
            else
            {
                _followers.Add(channel);
            }
        }

        return channel.Reader;
    }

    /// <summary>A follower went away.</summary>
    public void Leave(ChannelReader<string> reader)
    {
        lock (_gate)
        {
            _followers.RemoveAll(follower => ReferenceEquals(follower.Reader, reader));
        }
    }
}
