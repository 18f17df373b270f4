namespace Appliance.Cluster.Recipes;

/// <summary>Where a recipe can run.</summary>
public enum RecipePlacement
{
    /// <summary>On one machine.</summary>
    Solo,

    /// <summary>On two or more machines together.</summary>
    Cluster,

    /// <summary>On one machine, or on several when the lane has them.</summary>
    Any,
}
