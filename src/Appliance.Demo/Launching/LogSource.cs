namespace Appliance.Demo.Launching;

/// <summary>Which of the server's processes writes a line.</summary>
internal enum LogSource
{
    /// <summary>No prefix at all: banners and progress bars.</summary>
    Raw,

    /// <summary>The HTTP process, with time and level.</summary>
    Api,

    /// <summary>The engine process, with time and level.</summary>
    Engine,

    /// <summary>The engine process, an error.</summary>
    EngineError,

    /// <summary>The HTTP process, its own text: tracebacks and uvicorn.</summary>
    ApiPlain,
}
