using System.Globalization;
using System.Text;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Discovery;

/// <summary>Gathers the lines of one model. Not thread-safe.</summary>
internal sealed class CachedModelBlock(string folder)
{
    private readonly StringBuilder _config = new();
    private long _size;
    private string? _revision;
    private bool _hasReference;
    private bool _hasSnapshot;
    private bool _isPartial;
    private bool _isConfigTooLarge;
    private string _configState = "no";
    private int _broken;
    private int _weights;
    private (int Present, int Total) _shards;

    /// <summary>The folder's name in the hub.</summary>
    public string Folder => folder;

    /// <summary>Takes a line of ours; unknown ones are for newer readers.</summary>
    public void Read(string key, string value)
    {
        switch (key)
        {
            case "size":
                _size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0;
                break;
            case "ref":
                _hasReference = value == "yes";
                break;
            case "revision":
                _revision = value;
                break;
            case "snapshot":
                _hasSnapshot = value == "yes";
                break;
            case "partial":
                _isPartial = true;
                break;
            case "broken":
                _broken = ReadCount(value);
                break;
            case "weights":
                _weights = ReadCount(value);
                break;
            case "shards":
                var blank = value.IndexOf(' ', StringComparison.Ordinal);
                _shards = blank < 0 ? default : (ReadCount(value[..blank]), ReadCount(value[(blank + 1)..]));
                break;
            case "config":
                _configState = value;
                break;
        }
    }

    /// <summary>Takes a line of the config.</summary>
    public void AddConfigLine(ReadOnlySpan<char> line)
    {
        if (_isConfigTooLarge || _config.Length + line.Length >= CacheListingReader.MaxConfigLength)
        {
            _isConfigTooLarge = true;
            return;
        }

        _config.Append(line).Append('\n');
    }

    /// <summary>The model that the lines describe.</summary>
    public CachedModel Build(RepoId repo)
    {
        var missing = FindMissing();
        return new CachedModel
        {
            Repo = repo,
            Revision = _hasReference ? _revision : null,
            Size = new ByteSize(_size),
            IsComplete = missing is null,
            Missing = missing,
            ConfigJson = _isConfigTooLarge || _config.Length == 0 ? null : _config.ToString(),
        };
    }

    // Complete is: refs/main names a snapshot, config.json is in it, every weight file of the index leads to a non-empty file, and nothing is
    // being fetched (spark-vllm-docker.md section 2, "Complete on disk"). The most telling reason first.
    private string? FindMissing() => this switch
    {
        { _shards: { Total: > 0 } shards } when shards.Present < shards.Total => $"{shards.Total - shards.Present} of {shards.Total} weight files",
        { _hasReference: false } => "the main revision",
        { _hasSnapshot: false } => "every file",
        { _configState: "no" } => "config.json",
        { _shards.Total: 0, _weights: 0 } => "the weight files",
        { _broken: > 0 } => _broken == 1 ? "1 file" : $"{_broken} files",
        { _isPartial: true } => "the end of a download",
        _ => null,
    };

    private static int ReadCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
