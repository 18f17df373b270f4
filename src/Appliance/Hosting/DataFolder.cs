using Appliance.Cluster.Storage;

namespace Appliance.Hosting;

/// <summary>Makes the data directory usable, or says in one sentence why it is not.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static string LogsOf(DataDirectory data) => Path.Combine(data.Path, "logs");

    public static void Ensure(DataDirectory data)
    {
        try
        {
            Directory.CreateDirectory(data.Path, OwnerOnly);
            Directory.CreateDirectory(LogsOf(data), OwnerOnly);
            Directory.CreateDirectory(data.ProtectionKeys, OwnerOnly);
            // A folder that was there before keeps its mode otherwise; the keys lie in it unencrypted.
            File.SetUnixFileMode(data.ProtectionKeys, OwnerOnly);
            var probe = Path.Combine(data.Path, $".write-check-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                [$"DATA_DIR {data.Path} cannot be written. Make the folder writable for the user that runs the appliance, or set DATA_DIR to another one."],
                exception);
        }
    }
}
