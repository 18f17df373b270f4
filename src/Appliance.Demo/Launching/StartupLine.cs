using System.Globalization;

namespace Appliance.Demo.Launching;

/// <summary>A line of a start-up log.</summary>
/// <param name="At">When it is written, as a fraction of the whole start.</param>
/// <param name="Source">Who writes it.</param>
/// <param name="Text">The text after the prefix.</param>
internal readonly record struct StartupLine(double At, LogSource Source, string Text)
{
    /// <summary>The line as <c>docker logs</c> shows it (forms since 2025-09: spark-vllm-docker.md section 5).</summary>
    public string Format(DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return Source switch
        {
            LogSource.Api => $"(APIServer pid=118) INFO {stamp} {Text}",
            LogSource.ApiPlain => $"(APIServer pid=118) {Text}",
            LogSource.Engine => $"(EngineCore pid=201) INFO {stamp} {Text}",
            LogSource.EngineError => $"(EngineCore pid=201) ERROR {stamp} {Text}",
            _ => Text,
        };
    }
}
