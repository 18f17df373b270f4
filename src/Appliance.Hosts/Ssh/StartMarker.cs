using System.Text;
using Appliance.Hosts.Processes;

namespace Appliance.Hosts.Ssh;

/// <summary>Drops what a login prints before our program's marker, and passes on what follows.</summary>
internal sealed class StartMarker(string marker, OutputSink next) : OutputSink
{
    /// <summary>How much of the dropped text is kept to explain a login that never ran our program.</summary>
    private const int BannerLimit = 400;

    private readonly byte[] _marker = Encoding.UTF8.GetBytes(marker + "\n");
    private readonly OutputBuffer _banner = new(BannerLimit);
    private byte[] _tail = [];
    private volatile bool _wasSeen;

    public bool WasSeen => _wasSeen;

    /// <summary>The beginning of what was dropped.</summary>
    public string Banner => _banner.ReadText();

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_wasSeen)
        {
            next.Write(bytes);
            return;
        }

        byte[] window = [.. _tail, .. bytes];
        var at = window.AsSpan().IndexOf(_marker);
        if (at >= 0)
        {
            _wasSeen = true;
            _banner.Write(window.AsSpan(0, at));
            _tail = [];
            if (window.Length > at + _marker.Length)
            {
                next.Write(window.AsSpan(at + _marker.Length));
            }

            return;
        }

        var keep = Math.Min(window.Length, _marker.Length - 1);
        _banner.Write(window.AsSpan(0, window.Length - keep));
        _tail = window[^keep..];
    }

    public override void Complete()
    {
        _banner.Write(_tail);
        next.Complete();
    }
}
