namespace Appliance.Cluster.Metrics;

/// <summary>What a number means.</summary>
public enum MetricKind
{
    /// <summary>Only grows, from 0 at the start of the process.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How many values fell below each of some bounds, their count and their sum.</summary>
    Histogram,
}
