namespace Appliance.Cluster.Models;

/// <summary>What can be done with a model on the menu.</summary>
public enum ModelState
{
    /// <summary>Complete and with a recipe: one click away.</summary>
    Ready,

    /// <summary>It answers now.</summary>
    Live,

    /// <summary>It is being started.</summary>
    Swapping,

    /// <summary>Complete, but nobody has said how to serve it.</summary>
    NeedsSetup,

    /// <summary>Files are missing.</summary>
    Incomplete,

    /// <summary>It is being downloaded.</summary>
    Downloading,

    /// <summary>Its files are being deleted.</summary>
    Deleting,
}
