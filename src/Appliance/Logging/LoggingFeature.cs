using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Appliance.Logging;

internal static class LoggingFeature
{
    private const long FileLimit = 10 << 20;
    private const int FilesKept = 5;

    /// <summary>JSON lines to the console and to files in <paramref name="folder"/> that take 50 MiB at most.</summary>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging, string folder, Secrets secrets, bool toConsole)
    {
        var lines = new JsonLines(secrets);
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Information()
            // The framework writes paths with their query and one line per step of a request; ours is one line per request.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            // Why a start failed goes to the console as a sentence, not as a stack trace.
            .Filter.ByExcluding(written => written.MessageTemplate.Text == "Hosting failed to start")
            .Enrich.FromLogContext()
            .WriteTo.File(
                lines,
                Path.Combine(folder, "appliance.log"),
                fileSizeLimitBytes: FileLimit,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept);
        if (toConsole)
        {
            configuration.WriteTo.Console(lines);
        }

        logging.ClearProviders();
        // The levels above decide; the framework's own filter would need them a second time.
        logging.SetMinimumLevel(LogLevel.Trace);
        Logger logger = configuration.CreateLogger();
        return logging.AddSerilog(logger, dispose: true);
    }
}
