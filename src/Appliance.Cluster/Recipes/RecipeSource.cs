namespace Appliance.Cluster.Recipes;

/// <summary>Where a recipe comes from; a later one wins over an earlier one.</summary>
public enum RecipeSource
{
    /// <summary>The catalog that ships with the appliance.</summary>
    Catalog,

    /// <summary>The operator's <c>models.yaml</c>.</summary>
    Operator,

    /// <summary>Inferred from the model's own files and confirmed by a person.</summary>
    Confirmed,

    /// <summary>Inferred and not confirmed: shown, never launched unasked.</summary>
    Inferred,
}
