namespace Appliance.Models;

/// <summary>The menu. <c>known</c> is false until the disks were looked at once: an empty menu then means nothing.</summary>
internal sealed record ModelsWire(bool Known, IReadOnlyList<ModelWire> Models, IReadOnlyList<RecipeWire> Recipes, IReadOnlyList<string> Problems);
