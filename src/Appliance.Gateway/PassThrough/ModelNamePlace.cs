namespace Appliance.Gateway.PassThrough;

/// <summary>Where a request names its model.</summary>
internal enum ModelNamePlace
{
    /// <summary>The top-level <c>model</c> of a JSON object. The body is read whole before it is sent on.</summary>
    JsonBody,

    /// <summary>The field <c>model</c> of a multipart form. The form is sent on while it comes in.</summary>
    Form,

    /// <summary><c>?model=</c>; there is no body.</summary>
    Query,
}
