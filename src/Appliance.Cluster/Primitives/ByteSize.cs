namespace Appliance.Cluster.Primitives;

/// <summary>A number of bytes. Shown to people in decimal units (1 GB = 1,000,000,000 bytes), as disks and the DGX Spark's "128 GB" are sold.</summary>
/// <param name="Bytes">The exact count; never negative in a measured value.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    /// <summary>Nothing.</summary>
    public static ByteSize Zero => default;

    /// <summary>So many decimal gigabytes.</summary>
    public static ByteSize FromGigabytes(double gigabytes) => new((long)(gigabytes * 1e9));

    /// <summary>So many kibibytes, the unit of <c>/proc/meminfo</c> and <c>df -k</c>.</summary>
    public static ByteSize FromKibibytes(long kibibytes) => new(kibibytes * 1024);

    /// <summary>The size in decimal gigabytes.</summary>
    public double Gigabytes => Bytes / 1e9;

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Two or three significant digits with a unit a person knows: <c>1.4 TB</c>, <c>84 GB</c>, <c>640 MB</c>.</summary>
    public override string ToString() => Math.Abs(Bytes) switch
    {
        >= 1_000_000_000_000 => $"{Bytes / 1e12:0.#} TB",
        >= 10_000_000_000 => $"{Bytes / 1e9:0} GB",
        >= 1_000_000_000 => $"{Bytes / 1e9:0.#} GB",
        >= 1_000_000 => $"{Bytes / 1e6:0} MB",
        >= 1_000 => $"{Bytes / 1e3:0} kB",
        _ => $"{Bytes} bytes",
    };

    /// <summary>The sum.</summary>
    public static ByteSize operator +(ByteSize left, ByteSize right) => new(left.Bytes + right.Bytes);

    /// <summary>The difference; may be negative.</summary>
    public static ByteSize operator -(ByteSize left, ByteSize right) => new(left.Bytes - right.Bytes);

    /// <summary>Compares sizes.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Compares sizes.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Compares sizes.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Compares sizes.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}
