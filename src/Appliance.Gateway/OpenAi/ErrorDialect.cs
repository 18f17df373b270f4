namespace Appliance.Gateway.OpenAi;

/// <summary>The shape in which a caller reads errors.</summary>
internal enum ErrorDialect
{
    /// <summary><c>{"error":{"message","type","param","code"},"src"}</c>.</summary>
    OpenAi,

    /// <summary>The same keys with Anthropic's words for the type, and <c>"type":"error"</c> beside them, by which its clients know an error.</summary>
    Anthropic,
}
