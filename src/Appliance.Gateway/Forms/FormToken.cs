namespace Appliance.Gateway.Forms;

/// <summary>What comes next in a multipart form.</summary>
internal enum FormToken
{
    /// <summary>Nothing can be said before more bytes are there.</summary>
    More,

    /// <summary>Bytes that are of no interest here: frames, headers, the content of other fields.</summary>
    Other,

    /// <summary>The value of the field <c>model</c> begins; takes no bytes.</summary>
    ModelBegins,

    /// <summary>A piece of that value.</summary>
    Model,

    /// <summary>The form is over, and so are its bytes.</summary>
    End,
}
