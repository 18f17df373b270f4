namespace Appliance.Gateway.Bodies;

/// <summary>Which fields of a body hold addresses that a model server would fetch.</summary>
internal enum MediaFields
{
    /// <summary><c>image_url</c>, <c>audio_url</c>, <c>video_url</c>, <c>file_url</c>.</summary>
    Usual,

    /// <summary>Those, and the <c>url</c> of a <c>source</c>, as in the Messages API.</summary>
    WithSources,
}
