using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Simulation.Machines;
using Appliance.Simulation.Mistakes;
using Appliance.Simulation.Running;

namespace Appliance.Simulation;

/// <summary>What a thousand homes have in common, made once: a file with the newest schema and nothing in it, and the menu of their disks.</summary>
internal static class Template
{
    private static readonly Lazy<byte[]> File = new(Make);

    private static readonly Lazy<ImmutableArray<ModelCard>> Cards = new(ReadMenu);

    // Memory, where there is such a folder: what a killed process wrote stays in it just as on a disk.
    private static readonly string Root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    /// <summary>The menu of every home, read once by the real discovery from its disks.</summary>
    public static ImmutableArray<ModelCard> Menu => Cards.Value;

    /// <summary>A new folder with a new file in it.</summary>
    public static DataDirectory Unpack()
    {
        var data = new DataDirectory(Directory.CreateDirectory(Path.Combine(Root, $"appliance-simulation-{Guid.NewGuid():N}")).FullName);
        System.IO.File.WriteAllBytes(data.Database, File.Value);
        return data;
    }

    private static ImmutableArray<ModelCard> ReadMenu()
    {
        var random = new Random(0);
        var pump = new Pump(random);
        var home = new Home(pump);
        var data = Unpack();
        var life = new Life(pump, home, data, menu: default, new FixedSettings(), random, Mistake.None, new Nobody());
        if (!pump.RunUntil(() => life.View.Current is { ModelsAreKnown: true, Models.Length: > 5 }, TimeSpan.FromMinutes(1)))
        {
            throw new InvalidOperationException("The disks were not listed.");
        }

        life.Kill();
        Directory.Delete(data.Path, recursive: true);
        return life.View.Current.Models;
    }

    private static byte[] Make()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "template.db");
        Database.Open(path).Dispose();
        var bytes = System.IO.File.ReadAllBytes(path);
        folder.Delete(recursive: true);
        return bytes;
    }
}
