namespace Appliance.Gateway.PassThrough;

/// <summary>Where a request names its model.</summary>
internal enum ModelNamePlace
{
    /// <summary>The top-level <c>model</c> of a JSON object.</summary>
    JsonBody,
}
