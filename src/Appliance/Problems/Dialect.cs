namespace Appliance.Problems;

/// <summary>How the caller of a path expects to be told about errors. The path decides.</summary>
internal enum Dialect
{
    /// <summary>RFC 9457 problem details.</summary>
    Problem,

    /// <summary>OpenAI's error object.</summary>
    OpenAi,

    /// <summary>A sentence of plain text.</summary>
    Text,
}
