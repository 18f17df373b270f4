using Microsoft.AspNetCore.Components;

namespace Appliance.Ui;

/// <summary>
/// A part of the page that is drawn again only when a parameter changed. Records are compared by reference: the cluster view keeps unchanged instances, and
/// record equality would be fooled by immutable arrays. Callbacks are not compared; markup content always counts as changed.
/// </summary>
public abstract class TileBase : ComponentBase
{
    private readonly Dictionary<string, object?> _shown = new(StringComparer.Ordinal);
    private bool _isShown;
    private bool _isChanged;

    public override Task SetParametersAsync(ParameterView parameters)
    {
        foreach (var parameter in parameters)
        {
            if (IsCallback(parameter.Value))
            {
                continue;
            }

            if (!_shown.TryGetValue(parameter.Name, out var shown) || !IsSame(shown, parameter.Value))
            {
                _shown[parameter.Name] = parameter.Value;
                // The first time a component is drawn without being asked whether it should be.
                _isChanged = _isShown;
            }
        }

        _isShown = true;
        return base.SetParametersAsync(parameters);
    }

    protected override bool ShouldRender()
    {
        var isChanged = _isChanged;
        _isChanged = false;
        return isChanged;
    }

    private static bool IsSame(object? shown, object? next) =>
        next is ValueType or string ? Equals(shown, next) : next is not Delegate && ReferenceEquals(shown, next);

    private static bool IsCallback(object? value) =>
        value is EventCallback || (value?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(EventCallback<>));
}
