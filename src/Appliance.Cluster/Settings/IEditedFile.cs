using System.Collections.Immutable;

namespace Appliance.Cluster.Settings;

/// <summary>A file in <c>DATA_DIR</c> that a person may edit while the appliance runs. A bad edit changes nothing but <see cref="Problems"/>. Thread-safe.</summary>
public interface IEditedFile
{
    /// <summary>Its name without folder, for example <c>models.yaml</c>.</summary>
    string FileName { get; }

    /// <summary>What is wrong with its present content, one sentence each with the place; empty when all is well. What was good before stays in force.</summary>
    ImmutableArray<string> Problems { get; }

    /// <summary>
    /// Takes a changed content over, if it changed. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the file cannot even be
    /// looked at; then nothing has changed.
    /// </summary>
    Task LookAgainAsync(CancellationToken cancellationToken);
}
