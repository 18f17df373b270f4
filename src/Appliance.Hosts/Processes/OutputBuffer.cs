using System.Buffers;
using System.Text;

namespace Appliance.Hosts.Processes;

/// <summary>Keeps the first bytes of a stream up to a limit and drops the rest, so that no host can fill our memory (F-43).</summary>
internal sealed class OutputBuffer(int limit) : OutputSink
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _kept = new();
    private bool _isTruncated;

    public bool IsTruncated
    {
        get
        {
            lock (_gate)
            {
                return _isTruncated;
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var room = limit - _kept.WrittenCount;
            _isTruncated |= bytes.Length > room;
            _kept.Write(bytes[..Math.Min(bytes.Length, room)]);
        }
    }

    public string ReadText()
    {
        lock (_gate)
        {
            var bytes = _kept.WrittenSpan;
            return Encoding.UTF8.GetString(_isTruncated ? Utf8Text.TrimCutCharacter(bytes) : bytes);
        }
    }
}
